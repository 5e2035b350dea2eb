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
