/// An event as a service reads it from its topic.
struct ReceivedEvent {
  let topic: Topic
  let orderId: Int
  /// When it happened. An event that is read again or was sent twice has the same time; one that an operator
  /// publishes again has its own.
  let time: Int64
  let body: JSON
  let trace: TraceContext?
  /// The header `idempotency-key`, which only an operator's request has: the same key is the same request.
  let idempotencyKey: String?
  /// Where it lies in Kafka.
  let position: Position

  struct Position: Equatable {
    let partition: Int32
    let offset: Int64
  }

  /// Reads a message; nil when it is no event about an order.
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
