/// The payment service: charges customers through the payment gateway, behind a circuit breaker.
final class PaymentWorker: Worker {
  private enum State: Equatable {
    /// The input event with this time timed out. Another input event or an operator request is a retry.
    case timedOut(input: Int64)
    case declined, paid
  }

  /// Milliseconds between two attempts while the circuit is open or the gateway rejects calls.
  private static let retryDelay = 500

  private(set) var breaker = CircuitBreaker()
  private var payments = BoundedTable<State>()
  private var attempts = BoundedTable<Int>()
  private let orders: OrderWorker

  init(orders: OrderWorker) {
    self.orders = orders
  }

  func handle(_ job: Job) {
    guard isOpen(job), payments.begin(job.orderId, by: job.origin.name) else { return job.finish() }
    askUser(job)
  }

  /// Requests the customer from the user service, until it responds successfully. Nothing is charged before that.
  private func askUser(_ job: Job) {
    let isUnwell = job.context.isOn(.slowUserService)
    let time = job.context.book.chance.pick(isUnwell ? 2000...2300 : 2...8, job.orderId, "user time")
    let user = job.context.book.order(job.orderId &- OrderBook.firstId)?.userId ?? 0
    job.call("user-service", "/users/\(user)", takes: time, status: isUnwell ? 503 : 200) {
      isUnwell ? job.after(milliseconds: Self.retryDelay) { self.askUser(job) } : self.call(job)
    }
  }

  func abandon(_ origin: Origin) {
    payments.abandon(by: origin.name)
  }

  /// Whether the event still needs processing.
  private func isOpen(_ job: Job) -> Bool {
    switch payments[job.orderId] {
    case nil: true
    case .timedOut(let input): job.event.idempotencyKey != nil || input != job.event.time
    case .declined, .paid: false
    }
  }

  private func call(_ job: Job) {
    guard !orders.isCancelled(job.orderId) else {
      job.log("order \(job.orderId) is cancelled: not charged")
      return end(job)
    }
    guard permit(job) else { return job.after(milliseconds: Self.retryDelay) { self.call(job) } }
    enterAttempt(job)
    let time = job.context.book.chance.pick(200...300, job.orderId, "payment time")
    // The gateway processes the call even if the caller has crashed.
    job.context.loop.after(milliseconds: time) { self.answer(job) }
  }

  private func enterAttempt(_ job: Job) {
    let attempt = (attempts[job.orderId] ?? 0) + 1
    attempts[job.orderId] = attempt
    job.context.ledger.write(
      ShopEntry(
        time: Clock.epochMilliseconds(), orderId: job.orderId, event: nil, service: .payment, node: job.origin.node,
        step: "payment", effect: "attempted", attempt: attempt, key: job.event.idempotencyKey
      ).line)
  }

  private func permit(_ job: Job) -> Bool {
    let before = breaker.state
    let isPermitted = breaker.permit(at: Int64(job.context.elapsed))
    tell(job, before)
    return isPermitted
  }

  private func record(failed: Bool, _ job: Job) {
    let before = breaker.state
    breaker.record(failed: failed, at: Int64(job.context.elapsed))
    tell(job, before)
  }

  private func tell(_ job: Job, _ before: CircuitBreaker.State) {
    if breaker.state != before { job.log("circuit paymentGateway: \(before.rawValue) -> \(breaker.state.rawValue)") }
  }

  private func answer(_ job: Job) {
    let isRefused = job.context.isOn(.circuitOpen)
    let isTimedOut = isTimedOut(job)
    record(failed: isRefused || isTimedOut, job)
    job.ifAlive {
      if isRefused {
        job.after(milliseconds: Self.retryDelay) { self.call(job) }
      } else if isTimedOut {
        stall(job)
      } else if orders.isCancelled(job.orderId) {
        end(job)
      } else {
        conclude(job)
      }
    }
  }

  private func isTimedOut(_ job: Job) -> Bool {
    payments[job.orderId] == nil && job.context.strikes(.paymentFlaky, job.orderId)
      && job.context.book.isFlaky(job.orderId)
  }

  /// Stops without an event: the saga is stuck until its input event is published again.
  private func stall(_ job: Job) {
    payments[job.orderId] = .timedOut(input: job.event.time)
    let reason = "payment gateway timed out after 3000 ms"
    job.log("order \(job.orderId): \(reason)")
    job.context.ledger.write(
      ShopEntry(
        time: Clock.epochMilliseconds(), orderId: job.orderId, event: nil, service: .payment, node: job.origin.node,
        step: "payment", effect: "stalled", error: reason, attempt: attempts[job.orderId],
        key: job.event.idempotencyKey
      ).line)
    end(job)
  }

  private func conclude(_ job: Job) {
    // An event published again by an operator may lack fields, which are then filled in from the order.
    let body = job.event.body
    let order = job.context.book.order(job.orderId &- OrderBook.firstId)
    if let reason = job.context.book.declineReason(job.orderId) {
      payments[job.orderId] = .declined
      let fields: KeyValuePairs<String, JSON> = [
        "productId": body["productId"] ?? (order?.product.id).map(JSON.integer) ?? .null,
        "quantity": body["quantity"] ?? (order?.quantity).map(JSON.integer) ?? .null, "reason": .string(reason),
      ]
      job.publish(ShopEvent(.paymentFailed, orderId: job.orderId, fields)) { self.end(job) }
    } else {
      payments[job.orderId] = .paid
      let fields: KeyValuePairs<String, JSON> = [
        "paymentId": .integer(job.orderId &+ 400_000),
        "amount": body["totalPrice"] ?? (order?.totalPrice).map(JSON.won) ?? .null,
      ]
      job.publish(ShopEvent(.paymentCompleted, orderId: job.orderId, fields)) { self.end(job) }
    }
  }

  private func end(_ job: Job) {
    payments.end(job.orderId)
    job.finish()
  }
}
