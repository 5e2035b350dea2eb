/// An event of an order and its saga, with its effect on a step.
struct NestEvent {
  enum Stream: String {
    case saga, order, payment
  }

  /// The effect of an event on its step.
  enum Effect: String {
    case started, completed, failed, compensated, compensationFailed
    /// The orchestrator no longer processes the saga. There is no event for this.
    case stalled
    /// An operator has started a retry. There is no event for this.
    case retried
  }

  /// The state of the customer's order, regardless of the coordinator's database.
  enum Business: String {
    case open
    /// Paid and confirmed.
    case confirmed
    /// The payment was declined and the order cancelled.
    case declined
    /// Compensated after a failure or by an operator.
    case undone
    /// The compensation failed. Manual work is required.
    case stranded
  }

  let type: String
  let stream: Stream
  /// Events of a step have no correlation id.
  var hasCorrelation = true
  var step: String?
  var effect: Effect?
  var error: String?
  var business = Business.open
  var fields: [JSON.Member]
}

/// Saga events, with `timestamp`.
extension NestEvent {
  static func sagaStarted(_ saga: NestSaga) -> NestEvent {
    let order = saga.order
    let data: JSON = .members([
      "orderId": .string(order.id), "userId": .string(order.userId), "totalAmount": .integer(order.totalAmount),
      "items": .array(order.items.map(\.json)), "shippingAddress": .string(order.shippingAddress),
    ])
    return ofSaga("SagaStarted", saga, ["sagaType": .string(NestSaga.type), "data": data], effect: .started)
  }

  static func stepCompleted(_ saga: NestSaga, _ step: NestSaga.Step) -> NestEvent {
    let fields: KeyValuePairs<String, JSON> = [
      "stepName": .string(step.rawValue), "completedSteps": names(saga.completedSteps.map(\.rawValue)),
    ]
    return ofSaga("SagaStepCompleted", saga, fields, step: step.rawValue, effect: .completed, hasCorrelation: false)
  }

  static func sagaCompleted(_ saga: NestSaga, _ business: Business) -> NestEvent {
    ofSaga(
      "SagaCompleted", saga, ["completedSteps": names(saga.completedSteps.map(\.rawValue))], business: business)
  }

  static func sagaFailed(_ saga: NestSaga, _ step: NestSaga.Step, _ reason: String) -> NestEvent {
    ofSaga(
      "SagaFailed", saga, ["failedStep": .string(step.rawValue), "errorMessage": .string(reason)],
      step: step.rawValue, effect: .failed, error: reason)
  }

  /// The event contains the name of the compensation, not of the step.
  static func stepCompensated(_ saga: NestSaga, _ step: NestSaga.Step) -> NestEvent {
    ofSaga(
      "SagaStepCompensated", saga, ["stepName": .string(step.compensation)], step: step.rawValue, effect: .compensated,
      hasCorrelation: false)
  }

  static func sagaCompensated(_ saga: NestSaga) -> NestEvent {
    ofSaga("SagaCompensated", saga, ["compensationSteps": names(saga.compensationSteps)], business: .undone)
  }

  static func compensationFailed(_ saga: NestSaga, _ reason: String) -> NestEvent {
    ofSaga(
      "SagaCompensationFailed", saga, ["error": .string(reason), "requiresManualIntervention": .bool(true)],
      effect: .compensationFailed, error: reason, business: .stranded)
  }

  private static func ofSaga(
    _ type: String, _ saga: NestSaga, _ fields: KeyValuePairs<String, JSON>, step: String? = nil,
    effect: Effect? = nil, error: String? = nil, hasCorrelation: Bool = true, business: Business = .open
  ) -> NestEvent {
    NestEvent(
      type: type, stream: .saga, hasCorrelation: hasCorrelation, step: step, effect: effect, error: error,
      business: business, fields: members(["sagaId": .string(saga.id)]) + members(fields))
  }

  private static func names(_ steps: [String]) -> JSON { .array(steps.map(JSON.string)) }
}

/// Order and payment events, with `occurredAt`.
extension NestEvent {
  static func orderCreated(_ order: NestOrder, node: String) -> NestEvent {
    NestEvent(
      type: "OrderCreated", stream: .order,
      fields: members([
        "userId": .string(order.userId), "totalAmount": .integer(order.totalAmount),
        "items": .array(order.items.map(\.json)), "shippingAddress": .string(order.shippingAddress),
        "nodeId": .string(node),
      ]))
  }

  static func orderConfirmed(_ saga: NestSaga) -> NestEvent {
    NestEvent(
      type: "OrderConfirmed", stream: .order,
      fields: members([
        "paymentId": .optional(saga.paymentId), "totalAmount": .integer(saga.order.totalAmount),
      ]))
  }

  static func orderCancelled(_ saga: NestSaga, _ reason: String, _ business: Business) -> NestEvent {
    NestEvent(
      type: "OrderCancelled", stream: .order, business: business,
      fields: members(["userId": .string(saga.order.userId), "reason": .string(reason)]))
  }

  static func statusChanged(_ saga: NestSaga, from previous: NestSaga.OrderStatus, _ business: Business) -> NestEvent {
    NestEvent(
      type: "OrderStatusChanged", stream: .order, business: business,
      fields: members([
        "previousStatus": .string(previous.rawValue), "newStatus": .string(saga.orderStatus.rawValue),
      ]))
  }

  static func paymentProcessed(_ saga: NestSaga) -> NestEvent {
    let transaction = "ext_tx_\(saga.order.number)_\(saga.attempt)"
    return payment("PaymentProcessed", saga, ["externalTransactionId": .string(transaction)])
  }

  /// Reverts the step, which was completed when its command was accepted.
  static func paymentFailed(_ saga: NestSaga, _ reason: String) -> NestEvent {
    var event = payment("PaymentFailed", saga, ["failureReason": .string(reason)])
    (event.step, event.effect, event.error) = (NestSaga.Step.payment.rawValue, .failed, reason)
    return event
  }

  static func paymentRefunded(_ saga: NestSaga, _ reason: String) -> NestEvent {
    NestEvent(
      type: "PaymentRefunded", stream: .payment,
      fields: members([
        "paymentId": .optional(saga.paymentId), "refundAmount": .integer(saga.order.totalAmount),
        "reason": .string(reason),
      ]))
  }

  private static func payment(_ type: String, _ saga: NestSaga, _ more: KeyValuePairs<String, JSON>) -> NestEvent {
    let common: KeyValuePairs<String, JSON> = [
      "paymentId": .optional(saga.paymentId), "userId": .string(saga.order.userId),
      "amount": .integer(saga.order.totalAmount),
    ]
    return NestEvent(type: type, stream: .payment, fields: members(common) + members(more))
  }

  private static func members(_ fields: KeyValuePairs<String, JSON>) -> [JSON.Member] {
    fields.map { JSON.Member(name: $0.key, value: $0.value) }
  }
}

/// The nest's topics. Their names end in a hash, so new topics appear continuously.
enum NestTopic {
  static let partitions = 3
  static let test = "test-topic"
  static let fixed = ["saga-events", "order-events", "payment-events", test]

  static func name(of event: NestEvent, order: NestOrder) -> String {
    switch event.stream {
    case .saga where event.hasCorrelation: "saga-events-" + hash(order.correlationId)
    case .saga: "saga-events"
    // Only the event with the item list has a product to hash.
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
