/// Places orders and runs their sagas, each on one node, with every outcome decided by the book.
final class Orchestrator {
  private static let orderTime = 50...100
  private static let paymentTime = 200...300
  private static let confirmationTime = 250...400
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

  /// Begins: orders and faults come at their time.
  func open() {
    for entry in context.faults.entries {
      context.loop.after(milliseconds: entry.milliseconds - context.elapsed) { self.begin(entry.fault) }
    }
    placeOrders(from: 0)
  }

  /// Places one order at the node whose turn it is and tells which one took it; `nil` when none runs.
  @discardableResult
  func place(_ order: NestOrder) -> String? {
    guard let node = context.nextNode() else { return nil }
    let time = context.book.chance.pick(Self.orderTime, order.number, "order time")
    context.loop.after(milliseconds: time) { self.create(order, on: node) }
    return node
  }

  /// Goes on where a saga was left, as its next attempt. The caller has found that it may.
  func retry(_ saga: NestSaga, on node: String) {
    saga.take(over: node)
    saga.attempt += 1
    (saga.status, saga.errorMessage) = (.started, nil)
    note(saga, .retried, step: nextStep(of: saga)?.rawValue, error: nil)
    advance(saga)
  }

  /// Undoes a saga, whatever was going on. The caller has found that it may.
  func compensate(_ saga: NestSaga, on node: String, reason: String, mayFail: Bool = false) {
    saga.take(over: node)
    saga.status = .compensating
    saga.currentStep = NestSaga.compensationStep
    work(saga, Self.orderTime, NestSaga.compensationStep) {
      if mayFail, let failure = self.context.book.cancelFailure(saga.order.number) {
        return self.failCompensation(saga, failure)
      }
      self.undo(saga, reason)
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

  /// Customers come back until somebody serves them.
  private func placeUntilTaken(_ order: NestOrder) {
    if place(order) == nil { context.loop.after(milliseconds: 1000) { self.placeUntilTaken(order) } }
  }

  private func create(_ order: NestOrder, on node: String) {
    guard context.isRunning(node) else { return placeUntilTaken(order) }
    hold("lock:\(order.items.first?.productId ?? order.id)", lease: 30_000, order) {
      let event = NestEvent.order(
        "OrderCreated",
        [
          "userId": .string(order.userId), "totalAmount": .integer(order.totalAmount),
          "items": .array(order.items.map(\.json)), "nodeId": .string(node),
        ])
      self.publisher.publish(event, order: order, saga: nil, node: node)
      self.start(order, on: node)
    }
  }

  private func start(_ order: NestOrder, on node: String) {
    let key = "lock:saga_creation:\(NestSaga.type):\(order.correlationId)"
    hold(key, lease: 30_000, order) {
      let saga = NestSaga(id: self.context.book.chance.uuid(order.number, "saga"), order: order, node: node)
      self.table.add(saga)
      self.publisher.publish(.sagaStarted(saga), order: order, saga: saga, node: node)
      if self.context.isRunning(node) { self.advance(saga) } else { self.abandon(saga, "\(node) is gone") }
    }
  }

  private func nextStep(of saga: NestSaga) -> NestSaga.Step? {
    NestSaga.Step.allCases.first { !saga.completedSteps.contains($0) }
  }

  private func advance(_ saga: NestSaga) {
    guard let step = nextStep(of: saga) else { return complete(saga) }
    saga.currentStep = step.rawValue
    switch step {
    case .payment: work(saga, Self.paymentTime, step.rawValue) { self.pay(saga) }
    case .confirmation:
      work(saga, Self.confirmationTime, step.rawValue) {
        self.publish(.order("OrderConfirmed", ["userId": .string(saga.order.userId)]), saga)
        self.finish(step, of: saga)
      }
    }
  }

  private func pay(_ saga: NestSaga) {
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
    saga.paymentId = context.book.chance.uuid(order.number, "payment \(saga.attempt)")
    if let reason = context.book.declineReason(order.number, attempt: saga.attempt) {
      publish(.payment("PaymentFailed", saga, ["failureReason": .string(reason)]), saga)
      return fail(saga, .payment, reason)
    }
    let transaction = "txn_\(order.number)_\(saga.attempt)"
    publish(.payment("PaymentProcessed", saga, ["externalTransactionId": .string(transaction)]), saga)
    finish(.payment, of: saga)
  }

  private func finish(_ step: NestSaga.Step, of saga: NestSaga) {
    saga.completedSteps.append(step)
    publish(.stepCompleted(saga, step), saga)
    advance(saga)
  }

  private func complete(_ saga: NestSaga) {
    saga.currentStep = nil
    saga.status = .completed
    publish(.sagaCompleted(saga), saga)
  }

  private func fail(_ saga: NestSaga, _ step: NestSaga.Step, _ reason: String) {
    (saga.status, saga.errorMessage) = (.failed, reason)
    publish(.sagaFailed(saga, step, reason), saga)
    compensate(saga, on: saga.node, reason: reason, mayFail: saga.attempt == 1)
  }

  private func undo(_ saga: NestSaga, _ reason: String) {
    if saga.completedSteps.contains(.payment) {
      publish(.payment("PaymentRefunded", saga, ["refundReason": .string(reason)]), saga)
    }
    publish(.order("OrderCancelled", ["reason": .string(reason)]), saga)
    saga.compensationSteps = [NestSaga.compensationStep]
    publish(.stepCompensated(saga), saga)
    saga.currentStep = nil
    saga.status = .compensated
    publish(.sagaCompensated(saga), saga)
  }

  private func failCompensation(_ saga: NestSaga, _ reason: String) {
    (saga.status, saga.errorMessage) = (.failed, reason)
    publish(.compensationFailed(saga, reason), saga)
    saga.abandon()
  }

  private func abandon(_ saga: NestSaga, _ reason: String) {
    saga.abandon()
    note(saga, .stalled, step: saga.currentStep, error: reason)
    context.log.write(saga.node, "saga \(saga.id): \(reason)")
  }

  /// Under the step's lock first, then for as long as the work takes; nothing happens if the saga has changed hands by then.
  private func work(_ saga: NestSaga, _ range: ClosedRange<Int>, _ step: String, _ action: @escaping () -> Void) {
    let term = saga.term
    hold("lock:saga_step:\(saga.id):\(step)", lease: 60_000, saga.order) {
      let time = self.context.book.chance.pick(range, saga.order.number, "\(step) time")
      self.context.loop.after(milliseconds: time) { if saga.term == term { action() } }
    }
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
