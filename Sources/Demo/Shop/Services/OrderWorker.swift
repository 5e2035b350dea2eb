/// The order service: places orders, tracks their delivery, and cancels orders that failed in another service.
final class OrderWorker: Worker {
  enum State {
    case placed, delivering, delivered, cancelled
  }

  private(set) var breaker = CircuitBreaker()
  private var orders = BoundedTable<State>()
  private let context: ShopContext
  private let publisher: Publisher

  init(context: ShopContext, publisher: Publisher) {
    self.context = context
    self.publisher = publisher
  }

  /// The other services check this before they process an order.
  func isCancelled(_ orderId: Int) -> Bool { orders[orderId] == .cancelled }

  /// Places a customer order at an instance. It first checks through a circuit breaker whether payment responds, and accepts the order in
  /// any case.
  func place(_ order: Order, at origin: Origin, paymentAnswers: Bool) {
    if breaker.permit(at: Int64(context.elapsed)) {
      breaker.record(failed: !paymentAnswers, at: Int64(context.elapsed))
    }
    orders[order.id] = .placed
    let event = ShopEvent(
      .orderCreated, orderId: order.id,
      [
        "userId": .integer(order.userId), "productId": .integer(order.product.id),
        "productName": .string(order.product.name), "quantity": .integer(order.quantity),
        "unitPrice": .won(order.product.price), "totalPrice": .won(order.totalPrice),
      ])
    publisher.publish(event, from: origin, trace: nil) {}
  }

  func handle(_ job: Job) {
    switch job.event.topic {
    case .deliveryStarted: advance(job, to: .delivering, from: [.placed])
    case .deliveryCompleted: advance(job, to: .delivered, from: [.placed, .delivering])
    default: cancel(job)
    }
  }

  private func advance(_ job: Job, to state: State, from earlier: Set<State>) {
    if earlier.contains(orders[job.orderId] ?? .placed) { orders[job.orderId] = state }
    job.finish()
  }

  private func cancel(_ job: Job) {
    guard orders[job.orderId] != .cancelled else { return job.finish() }
    orders[job.orderId] = .cancelled
    let reason = job.event.body["reason"]?.stringValue ?? job.event.topic.rawValue
    job.work(5...20, "cancel") {
      job.publish(ShopEvent(.orderCancelled, orderId: job.orderId, ["reason": .string(reason)]), then: job.finish)
    }
  }
}
