/// An event as a service reads it from its topic.
struct ReceivedEvent {
  let topic: Topic
  let orderId: Int
  let body: JSON
  let trace: TraceContext?

  /// Reads a message; nil when it is not the JSON of an event about an order.
  init?(_ message: KafkaMessage) {
    guard let topic = Topic(rawValue: message.topic), let body = JSONParser.parse(message.value),
      let orderId = body["orderId"]?.integerValue
    else { return nil }
    self.topic = topic
    self.orderId = orderId
    self.body = body
    trace = message.header("b3").flatMap(TraceContext.init(header:))
  }
}
