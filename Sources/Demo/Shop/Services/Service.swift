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

/// What a service does with the events that its instances read. One worker serves all instances of a service: it
/// stands for the service's code and its database.
protocol Worker: AnyObject {
  /// Works on an event and calls `job.finish()` in the end, at once or later.
  func handle(_ job: Job)

  /// Drops what an instance that is gone was at.
  func abandon(_ origin: Origin)
}

extension Worker {
  func abandon(_ origin: Origin) {}
}

/// Which instance did a piece of work.
struct Origin: Hashable {
  let service: Service
  let node: String

  /// The instance's name, as its Kafka client gives it.
  var name: String { "\(service.rawValue)-\(node)" }
}
