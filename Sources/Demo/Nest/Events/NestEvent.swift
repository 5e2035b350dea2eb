/// An event that the nest publishes about an order and its saga, with what it does to a step.
struct NestEvent {
  enum Stream: String {
    case saga, order, payment
  }

  /// What an event does to its step.
  enum Effect: String {
    case started, completed, failed, compensated, compensationFailed
    /// Nobody goes on with the step; there is no event that says so.
    case stalled
    /// The step is tried again; there is no event that says so.
    case retried
  }

  let type: String
  let stream: Stream
  /// Events about a step carry no correlation id.
  var hasCorrelation = true
  var step: String?
  var effect: Effect?
  var error: String?
  var fields: [JSON.Member]
}

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

  static func sagaCompleted(_ saga: NestSaga) -> NestEvent {
    ofSaga("SagaCompleted", saga, ["completedSteps": names(saga.completedSteps.map(\.rawValue))])
  }

  static func sagaFailed(_ saga: NestSaga, _ step: NestSaga.Step, _ reason: String) -> NestEvent {
    ofSaga(
      "SagaFailed", saga, ["failedStep": .string(step.rawValue), "errorMessage": .string(reason)],
      step: step.rawValue, effect: .failed, error: reason)
  }

  static func stepCompensated(_ saga: NestSaga) -> NestEvent {
    ofSaga(
      "SagaStepCompensated", saga,
      [
        "stepName": .string(NestSaga.compensationStep), "compensationSteps": names(saga.compensationSteps),
      ], step: NestSaga.compensationStep, effect: .compensated, hasCorrelation: false)
  }

  static func sagaCompensated(_ saga: NestSaga) -> NestEvent {
    ofSaga("SagaCompensated", saga, ["compensationSteps": names(saga.compensationSteps)])
  }

  static func compensationFailed(_ saga: NestSaga, _ reason: String) -> NestEvent {
    ofSaga(
      "SagaCompensationFailed", saga,
      ["failedStep": .string(NestSaga.compensationStep), "errorMessage": .string(reason)],
      step: NestSaga.compensationStep, effect: .compensationFailed, error: reason)
  }

  static func order(_ type: String, _ fields: KeyValuePairs<String, JSON>) -> NestEvent {
    NestEvent(type: type, stream: .order, fields: members(fields))
  }

  static func payment(_ type: String, _ saga: NestSaga, _ fields: KeyValuePairs<String, JSON>) -> NestEvent {
    let common: KeyValuePairs<String, JSON> = [
      "paymentId": .optional(saga.paymentId), "userId": .string(saga.order.userId),
      "amount": .integer(saga.order.totalAmount),
    ]
    return NestEvent(type: type, stream: .payment, fields: members(common) + members(fields))
  }

  private static func ofSaga(
    _ type: String, _ saga: NestSaga, _ fields: KeyValuePairs<String, JSON>, step: String? = nil,
    effect: Effect? = nil, error: String? = nil, hasCorrelation: Bool = true
  ) -> NestEvent {
    NestEvent(
      type: type, stream: .saga, hasCorrelation: hasCorrelation, step: step, effect: effect, error: error,
      fields: members(["sagaId": .string(saga.id)]) + members(fields))
  }

  private static func members(_ fields: KeyValuePairs<String, JSON>) -> [JSON.Member] {
    fields.map { JSON.Member(name: $0.key, value: $0.value) }
  }

  private static func names(_ steps: [String]) -> JSON { .array(steps.map(JSON.string)) }
}
