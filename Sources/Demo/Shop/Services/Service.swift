/// The shop's services. The raw value names the service's consumer group too.
enum Service: String, CaseIterable {
  case order = "order-service"
  case inventory = "inventory-service"
  case payment = "payment-service"
  case delivery = "delivery-service"
  case notification = "notification-service"

  /// The topics its instances consume.
  var topics: [Topic] {
    switch self {
    case .order: [.inventoryFailed, .paymentFailed, .deliveryStarted, .deliveryCompleted]
    case .inventory: [.orderCreated, .paymentFailed]
    case .payment: [.inventoryReserved]
    case .delivery: [.paymentCompleted]
    case .notification: [.orderCreated, .orderCancelled, .deliveryStarted, .deliveryCompleted]
    }
  }
}
