/// The ids of dropped sagas, each with the time of the saga's last event. A late event of such a saga must not create it again as a saga
/// that runs forever. Stores the latest `capacity` ids; of older ones only the latest time, and any event before that time counts as an
/// event of a dropped saga.
struct EvictedSagas {
  private struct Name: Hashable {
    var definition: Int
    var key: SagaKey
  }

  /// By hash, because ids are long and numerous; a collision only drops one late message.
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

  /// Whether an event of this time belongs to a dropped saga. An event newer than the saga's last one starts the saga again.
  func covers(_ keys: [SagaKey], definition: Int, time: Timestamp) -> Bool {
    guard !lastEvents.isEmpty else { return false }
    return time <= until
      || keys.contains { key in
        lastEvents[Name(definition: definition, key: key).hashValue].map { time <= $0 } ?? false
      }
  }
}
