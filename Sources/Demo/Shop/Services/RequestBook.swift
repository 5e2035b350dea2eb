/// Which operators' requests each service has taken, by their idempotency keys, so that none is worked on twice. It
/// stands for a table in the services' databases; the oldest keys are forgotten past `capacity`.
final class RequestBook {
  private struct Request: Hashable {
    let service: Service
    let key: String
  }

  private let capacity: Int
  private var positions: [Request: ReceivedEvent.Position] = [:]
  private var order: [Request] = []

  init(capacity: Int = 10_000) {
    self.capacity = capacity
  }

  enum Answer {
    /// No operator's request: an event like any other.
    case event
    /// Seen for the first time.
    case taken
    /// The message that was taken before is read once more, because its work was not committed.
    case readAgain
    /// Another message with a key that was taken before: nothing is to be done.
    case repeated
  }

  /// Enters the event's key for the service that reads it.
  func take(_ event: ReceivedEvent, for service: Service) -> Answer {
    guard let key = event.idempotencyKey else { return .event }
    let request = Request(service: service, key: key)
    if let known = positions[request] { return known == event.position ? .readAgain : .repeated }
    positions[request] = event.position
    order.append(request)
    if order.count > capacity { positions[order.removeFirst()] = nil }
    return .taken
  }
}

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
