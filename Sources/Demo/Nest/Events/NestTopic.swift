/// Where the nest publishes: topics whose names end in a hash, so that new ones appear all the time.
enum NestTopic {
  static let partitions = 3
  static let test = "test-topic"
  static let fixed = ["saga-events", "order-events", "payment-events", test]

  static func name(of event: NestEvent, order: NestOrder) -> String {
    switch event.stream {
    case .saga where event.hasCorrelation: "saga-events-" + hash(order.correlationId)
    case .saga: "saga-events"
    // Only the event that lists the items has a product to be hashed.
    case .order where event.type == "OrderCreated": productTopic("order-events", order)
    case .order: "order-events"
    case .payment: "payment-events"
    }
  }

  private static func productTopic(_ base: String, _ order: NestOrder) -> String {
    order.items.first.map { "\(base)-product-\(hash($0.productId))" } ?? base
  }

  private static func hash(_ text: String) -> String { String(MD5.hexadecimal(text).prefix(8)) }
}
