/// The shop's services. The raw value is also the name of the service's consumer group.
enum Service: String, CaseIterable {
  case order = "order-service"
  case inventory = "inventory-service"
  case payment = "payment-service"
  case delivery = "delivery-service"
  case notification = "notification-service"

  /// The topics that its instances consume.
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

/// The processing of events by a service. One worker serves all instances of a service: it represents the service's code and database.
protocol Worker: AnyObject {
  /// Processes an event and finally calls `job.finish()`, immediately or later.
  func handle(_ job: Job)

  /// Discards the work in progress of a stopped instance.
  func abandon(_ origin: Origin)
}

extension Worker {
  func abandon(_ origin: Origin) {}
}

/// The instance that did a piece of work.
struct Origin: Hashable {
  let service: Service
  let node: String

  /// The name of the instance, also used by its Kafka client.
  var name: String { "\(service.rawValue)-\(node)" }
}
