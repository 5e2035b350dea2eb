/// The ids of the sagas that were let go, each with the time of the saga's last event: what is read late of such a saga must not
/// begin it anew, as one that runs and never ends. Keeps the latest `capacity` ids; of those before only the latest time, and takes
/// what is older than that for theirs.
struct EvictedSagas {
  private struct Name: Hashable {
    var definition: Int
    var key: SagaKey
  }

  /// By hash, because ids are long and there are many; a collision costs a late message and nothing else.
  private var lastEvents: [Int: Timestamp] = [:]
  private var ring: [Int] = []
  private var until = Timestamp.distantPast
  private var next = 0
  private let capacity: Int

  init(capacity: Int) {
    self.capacity = max(1, capacity)
  }

  mutating func add(_ key: SagaKey, definition: Int, lastEvent: Timestamp) {
    let hash = Name(definition: definition, key: key).hashValue
    if let known = lastEvents[hash] {
      lastEvents[hash] = max(known, lastEvent)
      return
    }
    if ring.count < capacity {
      ring.append(hash)
    } else {
      if let lost = lastEvents.removeValue(forKey: ring[next]) { until = max(until, lost) }
      ring[next] = hash
      next = (next + 1) % capacity
    }
    lastEvents[hash] = lastEvent
  }

  /// Whether an event of that time tells of a saga's past. What is newer than the saga's last event begins it again.
  func covers(_ keys: [SagaKey], definition: Int, time: Timestamp) -> Bool {
    guard !lastEvents.isEmpty else { return false }
    return time <= until
      || keys.contains { key in
        lastEvents[Name(definition: definition, key: key).hashValue].map { time <= $0 } ?? false
      }
  }
}
