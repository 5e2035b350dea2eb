/// A service's table of what it did for each order, shared by the service's instances as their database would be. It
/// also keeps who is at work on an order, so that a duplicate is not worked on twice. The oldest orders are
/// forgotten past `capacity`.
struct BoundedTable<State> {
  private let capacity: Int
  private var states: [Int: State] = [:]
  private var ids: [Int] = []
  private var oldest = 0
  private var workers: [Int: String] = [:]

  init(capacity: Int = 200_000) {
    self.capacity = capacity
  }

  subscript(orderId: Int) -> State? {
    get { states[orderId] }
    set {
      if states.updateOptional(newValue, forKey: orderId) { remember(orderId) }
    }
  }

  /// Claims the order for `worker`; false when somebody is at it.
  mutating func begin(_ orderId: Int, by worker: String) -> Bool {
    guard workers[orderId] == nil else { return false }
    workers[orderId] = worker
    return true
  }

  mutating func end(_ orderId: Int) {
    workers[orderId] = nil
  }

  /// Drops the claims of a worker that is gone, as a database rolls back its transactions.
  mutating func abandon(by worker: String) {
    workers = workers.filter { $0.value != worker }
  }

  private mutating func remember(_ orderId: Int) {
    ids.append(orderId)
    guard ids.count - oldest > capacity else { return }
    states[ids[oldest]] = nil
    oldest += 1
    if oldest > capacity {
      ids.removeFirst(oldest)
      oldest = 0
    }
  }
}

extension Dictionary {
  /// Sets or removes a value; true when the key is new.
  fileprivate mutating func updateOptional(_ value: Value?, forKey key: Key) -> Bool {
    guard let value else {
      removeValue(forKey: key)
      return false
    }
    return updateValue(value, forKey: key) == nil
  }
}
