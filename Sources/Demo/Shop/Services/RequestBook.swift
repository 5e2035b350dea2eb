/// The operator requests accepted by each service, by idempotency key, so that none is processed twice. It represents a table in the
/// services' databases. The oldest keys are removed above `capacity`.
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
    /// A normal event without a key.
    case event
    /// A new request.
    case taken
    /// The same message is read again, because its offset was not committed.
    case readAgain
    /// Another message with a known key: no work is needed.
    case repeated
  }

  /// Records the event's key for the service that consumes it.
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

/// A service's table of processed orders, shared by its instances like a database. It also stores which worker processes an order, so
/// that a duplicate is not processed concurrently. The oldest orders are removed above `capacity`.
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

  /// Claims the order for `worker`; returns false if it is already claimed.
  mutating func begin(_ orderId: Int, by worker: String) -> Bool {
    guard workers[orderId] == nil else { return false }
    workers[orderId] = worker
    return true
  }

  mutating func end(_ orderId: Int) {
    workers[orderId] = nil
  }

  /// Releases the claims of a crashed worker, as a database rolls back its transactions.
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
  /// Sets or removes a value; returns true if the key is new.
  fileprivate mutating func updateOptional(_ value: Value?, forKey key: Key) -> Bool {
    guard let value else {
      removeValue(forKey: key)
      return false
    }
    return updateValue(value, forKey: key) == nil
  }
}
