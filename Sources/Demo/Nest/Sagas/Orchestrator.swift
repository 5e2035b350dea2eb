/// Places orders and runs their sagas, each on one node, with all outcomes from the book.
///
/// It reproduces the faults of the simulated system: a step counts as completed when its command is accepted, a declined payment has no
/// saga event, and a failed confirmation is compensated and then completed.
final class Orchestrator {
  private static let orderTime = 50...100
  private static let paymentTime = 500...2000
  private static let cancelTime = 5...30
  /// Delay in milliseconds between two events of a saga that wait for the database.
  private static let commitTime = 2...8
  private static let paymentTimeout = 3000
  private static let lockHold = 1...5

  private(set) var table = SagaTable()
  private let context: NestContext
  private let publisher: NestPublisher
  private let locks: StringLocks

  init(context: NestContext, publisher: NestPublisher, locks: StringLocks) {
    self.context = context
    self.publisher = publisher
    self.locks = locks
  }

  /// Starts the scheduled orders and faults.
  func open() {
    for entry in context.faults.entries {
      context.loop.after(milliseconds: entry.milliseconds - context.elapsed) { self.begin(entry.fault) }
    }
    placeOrders(from: 0)
  }

  /// Places an order at the next node and returns this node; `nil` if none is running.
  @discardableResult
  func place(_ order: NestOrder) -> String? {
    guard let node = context.nextNode() else { return nil }
    let time = context.book.chance.pick(Self.orderTime, order.number, "order time")
    context.loop.after(milliseconds: time) { self.create(order, on: node) }
    return node
  }

  /// Continues a stopped saga as its next attempt. The caller has checked that this is allowed.
  func retry(_ saga: NestSaga, on node: String) {
    saga.take(over: node)
    saga.attempt += 1
    (saga.status, saga.errorMessage) = (.started, nil)
    let step: NestSaga.Step = saga.paymentStatus == .processed ? .confirmation : .payment
    note(saga, .retried, step: step.rawValue, error: nil)
    if step == .payment, saga.completedSteps.contains(.payment) { requestPayment(saga) } else { execute(step, saga) }
  }

  /// Compensates a saga and discards work in progress. The caller has checked that this is allowed.
  func compensate(_ saga: NestSaga, on node: String, reason: String) {
    saga.take(over: node)
    saga.status = .compensating
    later(saga, Self.orderTime, "compensation time") {
      if saga.paymentStatus == .processed {
        saga.paymentStatus = .refunded
        self.publish(.paymentRefunded(saga, reason), saga)
      }
      if saga.orderStatus != .cancelled { self.cancelOrder(saga, reason, .open) }
      self.undoSteps(saga)
    }
  }

  private func begin(_ fault: Fault) {
    context.log.write("nest", "\(context.elapsed) ms: \(fault.rawValue)")
    guard fault == .nodeLost, let node = context.nodes.last else { return }
    for saga in table.sagas where saga.isActive && !saga.isAbandoned && saga.node == node {
      abandon(saga, "\(node) is gone")
    }
  }

  private func placeOrders(from number: Int) {
    var number = number
    while let order = context.book.order(number) {
      let wait = order.placedMilliseconds - context.elapsed
      if wait > 0 {
        return context.loop.after(milliseconds: wait) { [number] in self.placeOrders(from: number) }
      }
      placeUntilTaken(order)
      number += 1
    }
    context.log.write("nest", "the last order is placed")
  }

  /// Retries every second until a node accepts the order.
  private func placeUntilTaken(_ order: NestOrder) {
    if place(order) == nil { context.loop.after(milliseconds: 1000) { self.placeUntilTaken(order) } }
  }

  private func create(_ order: NestOrder, on node: String) {
    guard context.isRunning(node) else { return placeUntilTaken(order) }
    hold("lock:\(order.items.first?.productId ?? order.id)", lease: 30_000, order) {
      self.publisher.publish(.orderCreated(order, node: node), order: order, saga: nil, node: node)
      self.start(order, on: node)
    }
  }

  private func start(_ order: NestOrder, on node: String) {
    let key = "lock:saga_creation:\(NestSaga.type):\(order.correlationId)"
    hold(key, lease: 30_000, order) {
      let saga = NestSaga(id: self.context.book.chance.uuid(order.number, "saga"), order: order, node: node)
      self.table.add(saga)
      self.publish(.sagaStarted(saga), saga)
      if self.context.isRunning(node) { self.execute(.payment, saga) } else { self.abandon(saga, "\(node) is gone") }
    }
  }

  // MARK: forward

  /// Runs a step under its lock. It fails if the book defines so.
  private func execute(_ step: NestSaga.Step, _ saga: NestSaga) {
    saga.currentStep = step.rawValue
    let term = saga.term
    hold("lock:saga_step:\(saga.id):\(step.rawValue)", lease: 60_000, saga.order) {
      guard saga.term == term else { return }
      if saga.attempt == 1, let reason = self.context.book.stepFailure(saga.order.number, step, saga: saga.id) {
        return self.fail(saga, step, reason)
      }
      switch step {
      case .payment:
        self.finish(step, of: saga)
        self.requestPayment(saga)
      case .confirmation:
        self.confirmOrder(saga)
        self.finish(step, of: saga)
        self.later(saga, Self.commitTime, "complete") { self.complete(saga, .confirmed) }
      }
    }
  }

  private func finish(_ step: NestSaga.Step, of saga: NestSaga) {
    saga.completedSteps.append(step)
    publish(.stepCompleted(saga, step), saga)
  }

  private func requestPayment(_ saga: NestSaga) {
    let order = saga.order
    let isUnanswered =
      context.isOn(.paymentDown)
      || saga.attempt == 1 && context.strikes(.paymentFlaky, order) && context.book.isFlaky(order.number)
    if isUnanswered {
      let term = saga.term
      return context.loop.after(milliseconds: Self.paymentTimeout) {
        if saga.term == term { self.abandon(saga, "payment did not answer within \(Self.paymentTimeout) ms") }
      }
    }
    later(saga, Self.paymentTime, "payment time \(saga.attempt)") { self.settlePayment(saga) }
  }

  private func settlePayment(_ saga: NestSaga) {
    saga.paymentId = context.book.chance.uuid(saga.order.number, "payment \(saga.attempt)")
    guard let reason = context.book.declineReason(saga.order.number, attempt: saga.attempt) else {
      saga.paymentStatus = .processed
      publish(.paymentProcessed(saga), saga)
      return execute(.confirmation, saga)
    }
    saga.paymentStatus = .failed
    publish(.paymentFailed(saga, reason), saga)
    later(saga, Self.cancelTime, "cancel") {
      self.cancelOrder(saga, "Payment failed: \(reason)", .declined)
      saga.compensationSteps.append("order_cancelled")
      (saga.status, saga.currentStep) = (.compensated, "compensated")
    }
  }

  private func confirmOrder(_ saga: NestSaga) {
    let previous = saga.orderStatus
    saga.orderStatus = .paid
    publish(.orderConfirmed(saga), saga)
    publish(.statusChanged(saga, from: previous, .open), saga)
  }

  private func complete(_ saga: NestSaga, _ business: NestEvent.Business) {
    (saga.status, saga.currentStep) = (.completed, "completed")
    publish(.sagaCompleted(saga, business), saga)
  }

  // MARK: back

  private func fail(_ saga: NestSaga, _ step: NestSaga.Step, _ reason: String) {
    (saga.status, saga.currentStep, saga.errorMessage) = (.compensating, step.rawValue, reason)
    publish(.sagaFailed(saga, step, reason), saga)
    later(saga, Self.commitTime, "undo") {
      let failure = self.context.book.compensationFailure(saga.order.number)
      if let failure { self.strand(saga, failure) } else { self.undoSteps(saga) }
      guard step == .confirmation else { return }
      // The caller of the step does not see that it failed.
      self.later(saga, Self.commitTime, "complete") { self.complete(saga, failure == nil ? .undone : .stranded) }
    }
  }

  private func undoSteps(_ saga: NestSaga) {
    for step in saga.completedSteps.reversed() {
      saga.compensationSteps.append(step.compensation)
      publish(.stepCompensated(saga, step), saga)
    }
    (saga.status, saga.currentStep) = (.compensated, "compensated")
    publish(.sagaCompensated(saga), saga)
  }

  private func strand(_ saga: NestSaga, _ reason: String) {
    (saga.status, saga.errorMessage) = (.failed, reason)
    publish(.compensationFailed(saga, reason), saga)
  }

  private func cancelOrder(_ saga: NestSaga, _ reason: String, _ business: NestEvent.Business) {
    let previous = saga.orderStatus
    saga.orderStatus = .cancelled
    publish(.orderCancelled(saga, reason, business), saga)
    publish(.statusChanged(saga, from: previous, business), saga)
  }

  private func abandon(_ saga: NestSaga, _ reason: String) {
    saga.abandon()
    note(saga, .stalled, step: saga.currentStep, error: reason)
    context.log.write(saga.node, "saga \(saga.id): \(reason)")
  }

  // MARK: time, locks, events

  /// Calls `action` after a delay, unless the saga was taken over or abandoned meanwhile.
  private func later(_ saga: NestSaga, _ range: ClosedRange<Int>, _ purpose: String, _ action: @escaping () -> Void) {
    let term = saga.term
    let time = context.book.chance.pick(range, saga.order.number, purpose)
    context.loop.after(milliseconds: time) { if saga.term == term { action() } }
  }

  private func hold(_ key: String, lease: Int, _ order: NestOrder, then: @escaping () -> Void) {
    let time = context.book.chance.pick(Self.lockHold, order.number, "hold " + key)
    locks.hold(key, lease: lease, for: time, then: then)
  }

  private func publish(_ event: NestEvent, _ saga: NestSaga) {
    publisher.publish(event, order: saga.order, saga: saga, node: saga.node)
  }

  private func note(_ saga: NestSaga, _ effect: NestEvent.Effect, step: String?, error: String?) {
    context.ledger.write(
      NestEntry(
        time: Clock.epochMilliseconds(), order: saga.order, sagaId: saga.id, node: saga.node, attempt: saga.attempt,
        step: step, effect: effect.rawValue, error: error
      ).line)
  }
}
