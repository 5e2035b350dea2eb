/// An event that a service publishes about an order.
struct ShopEvent: Equatable {
  let topic: Topic
  let orderId: Int
  /// The fields other than `orderId`.
  let fields: [JSON.Member]

  init(_ topic: Topic, orderId: Int, _ fields: KeyValuePairs<String, JSON>, _ more: [JSON.Member] = []) {
    self.topic = topic
    self.orderId = orderId
    self.fields = fields.map { JSON.Member(name: $0.key, value: $0.value) } + more
  }

  var body: JSON { .object([JSON.Member(name: "orderId", value: .integer(orderId))] + fields) }

  /// Why the step failed or was compensated; `nil` if the event has no reason.
  var reason: String? { body["reason"]?.stringValue }
}

/// An event as a service consumes it.
struct ReceivedEvent {
  let topic: Topic
  let orderId: Int
  /// The event time. An event that is read again or was sent twice has the same time; an event that an operator publishes again has a new
  /// one.
  let time: Int64
  let body: JSON
  let trace: TraceContext?
  /// The header `idempotency-key`, which only operator requests have. Requests with the same key are the same request.
  let idempotencyKey: String?
  /// Position in Kafka.
  let position: Position

  struct Position: Equatable {
    let partition: Int32
    let offset: Int64
  }

  /// Parses a message; `nil` if it is no event of an order.
  init?(_ message: KafkaMessage, _ format: ShopFormat = ShopFormat()) {
    guard let topic = Topic(rawValue: message.topic), let body = format.body(of: message),
      let orderId = body["orderId"]?.integerValue
    else { return nil }
    self.topic = topic
    self.orderId = orderId
    time = message.timestamp
    self.body = body
    trace = message.header("b3").flatMap(TraceContext.init(header:))
    idempotencyKey = message.header("idempotency-key")
    position = Position(partition: message.partition, offset: message.offset)
  }
}

/// The shop's topics. Each has one event type and the same name.
enum Topic: String, CaseIterable {
  case orderCreated = "order-created"
  case inventoryReserved = "inventory-reserved"
  case inventoryFailed = "inventory-failed"
  case paymentCompleted = "payment-completed"
  case paymentFailed = "payment-failed"
  case inventoryReleased = "inventory-released"
  case orderCancelled = "order-cancelled"
  case deliveryStarted = "delivery-started"
  case deliveryCompleted = "delivery-completed"

  static let partitions = 3

  /// The dead-letter topic of a topic, with Spring's naming.
  static func deadLetters(of topic: String) -> String { topic + ".DLT" }

  /// The effect of an event on its step.
  enum Effect: String {
    case started, completed, failed, compensated
  }

  /// The saga step of the event.
  var step: String { String(rawValue.prefix { $0 != "-" }) }

  var effect: Effect {
    switch self {
    case .deliveryStarted: .started
    case .orderCreated, .inventoryReserved, .paymentCompleted, .deliveryCompleted: .completed
    case .inventoryFailed, .paymentFailed: .failed
    case .inventoryReleased, .orderCancelled: .compensated
    }
  }

  /// The Java class name that Spring's JSON serializer writes to `__TypeId__`.
  var typeId: String {
    let words = rawValue.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }
    return "com.shop.\(step).event.\(words.joined())Event"
  }
}
