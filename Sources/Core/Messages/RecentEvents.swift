/// The latest messages of all topics, in the order in which they were received; a ring that drops the oldest.
struct RecentEvents {
  struct Entry {
    var record: EventRecord
    var details: EventDetails?
    /// The saga it belonged to when it was received.
    var saga: SagaHandle?
    var definition: Int?
    var undecoded: String?
  }

  private var ring: [Entry] = []
  private var next = 0
  private let capacity: Int

  init(capacity: Int) {
    self.capacity = capacity
  }

  mutating func append(_ entry: Entry) {
    if ring.count < capacity { ring.append(entry) } else { ring[next] = entry }
    next = (next + 1) % capacity
  }

  /// Those that were told of as undecoded at these places are not told of any more.
  mutating func forget(undecoded origins: Set<Origin>) {
    let inOrder = ring.count < capacity ? ring : Array(ring[next...] + ring[..<next])
    ring = inOrder.filter { $0.undecoded == nil || !origins.contains($0.record.origin) }
    next = ring.count % capacity
  }

  var count: Int { ring.count }

  /// Walks from the newest to the oldest.
  func walk(_ body: (Entry) -> Void) {
    for back in 1...max(1, ring.count) where back <= ring.count {
      body(ring[(next - back + capacity) % capacity])
    }
  }
}
