/// The delivery service: brings what is paid.
final class DeliveryWorker: Worker {
  private enum State {
    case started, completed
  }

  private var deliveries = BoundedTable<State>()
  private let orders: OrderWorker

  init(orders: OrderWorker) {
    self.orders = orders
  }

  func handle(_ job: Job) {
    guard deliveries[job.orderId] != .completed, deliveries.begin(job.orderId, by: job.origin.name) else {
      return job.finish()
    }
    // Another instance may have started it and gone.
    if deliveries[job.orderId] == .started { return bring(job) }
    guard !orders.isCancelled(job.orderId) else { return end(job) }
    job.work(5...20, "dispatch") {
      self.deliveries[job.orderId] = .started
      job.publish(Self.event(.deliveryStarted, job)) { self.bring(job) }
    }
  }

  func abandon(_ origin: Origin) {
    deliveries.abandon(by: origin.name)
  }

  private func bring(_ job: Job) {
    job.work(300...800, "delivery") {
      guard !self.orders.isCancelled(job.orderId) else {
        job.log("order \(job.orderId) is cancelled: the delivery turns back")
        return self.end(job)
      }
      self.deliveries[job.orderId] = .completed
      job.publish(Self.event(.deliveryCompleted, job)) { self.end(job) }
    }
  }

  private static func event(_ topic: Topic, _ job: Job) -> ShopEvent {
    ShopEvent(topic, orderId: job.orderId, ["deliveryId": .integer(job.orderId &+ 700_000)])
  }

  private func end(_ job: Job) {
    deliveries.end(job.orderId)
    job.finish()
  }
}
