/// An event that a service publishes about an order.
struct ShopEvent: Equatable {
  let topic: Topic
  let orderId: Int
  /// The fields beside `orderId`.
  let fields: [JSON.Member]

  init(_ topic: Topic, orderId: Int, _ fields: KeyValuePairs<String, JSON>, _ more: [JSON.Member] = []) {
    self.topic = topic
    self.orderId = orderId
    self.fields = fields.map { JSON.Member(name: $0.key, value: $0.value) } + more
  }

  var body: JSON { .object([JSON.Member(name: "orderId", value: .integer(orderId))] + fields) }

  /// Why the step failed or was undone, if the event says.
  var reason: String? { body["reason"]?.stringValue }
}
