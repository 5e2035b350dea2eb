/// The shop's topics; each carries one type of event and is named after it.
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

  /// Where messages of a topic are parked that could not be handled, by Spring's name for it.
  static func deadLetters(of topic: String) -> String { topic + ".DLT" }

  /// What an event does to its step.
  enum Effect: String {
    case started, completed, failed, compensated
  }

  /// The saga's step that the event is about.
  var step: String { String(rawValue.prefix { $0 != "-" }) }

  var effect: Effect {
    switch self {
    case .deliveryStarted: .started
    case .orderCreated, .inventoryReserved, .paymentCompleted, .deliveryCompleted: .completed
    case .inventoryFailed, .paymentFailed: .failed
    case .inventoryReleased, .orderCancelled: .compensated
    }
  }

  /// The Java class that Spring's JSON serializer would name in `__TypeId__`.
  var typeId: String {
    let words = rawValue.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }
    return "com.shop.\(step).event.\(words.joined())Event"
  }
}
