/// Handles operator calls of retry and compensate: runs each idempotency key once, rejects calls that the saga's status does not allow,
/// and simulates API faults.
final class ActionAPI {
  /// Delay of a hanging response in milliseconds: longer than any client timeout.
  private static let hang = 600_000
  private static let mostKeys = 10_000

  private struct Memory {
    let path: String
    let response: HTTPResponse
  }

  private let context: NestContext
  private let orchestrator: Orchestrator
  private var memories: [String: Memory] = [:]
  private var keys: [String] = []
  private var calls = 0

  init(context: NestContext, orchestrator: Orchestrator) {
    self.context = context
    self.orchestrator = orchestrator
  }

  func take(_ action: OperatorAction, sagaId: String, _ request: HTTPRequest, _ answer: @escaping HTTPServer.Answer) {
    let key = request.headers["idempotency-key"]
    calls += 1
    let saga = orchestrator.table.saga(id: sagaId)
    if context.isOn(.apiFlaky), calls % 10 == 0 {
      note(action, saga, key, "unavailable")
      return answer(
        .failure(calls % 20 == 0 ? 500 : 503, calls % 20 == 0 ? "Internal server error" : "Service Unavailable"))
    }
    if let key, let memory = memories[key] {
      guard memory.path == request.path else {
        return answer(.failure(422, "Idempotency-Key was used for another request"))
      }
      note(action, saga, key, "repeated")
      var response = memory.response
      response.headers.append(("Idempotent-Replayed", "true"))
      return give(response, answer)
    }
    guard let saga else { return answer(.failure(404, "Saga \(sagaId) not found")) }
    give(perform(action, saga, key, request), answer)
  }

  private func perform(
    _ action: OperatorAction, _ saga: NestSaga, _ key: String?, _ request: HTTPRequest
  ) -> HTTPResponse {
    guard let node = context.nextNode() else { return .failure(503, "Service Unavailable") }
    if let refusal = action.refusal(saga) {
      note(action, saga, key, "refused")
      return .failure(409, refusal, code: action == .retry ? "SAGA_NOT_RETRYABLE" : "SAGA_NOT_COMPENSATABLE")
    }
    note(action, saga, key, "accepted")
    switch action {
    case .retry: orchestrator.retry(saga, on: node)
    case .compensate:
      let reason = JSONParser.parse(request.body)?["reason"]?.stringValue
      orchestrator.compensate(saga, on: node, reason: reason ?? "compensated by an operator")
    }
    let response = HTTPResponse(
      201,
      .members([
        "success": .bool(true), "sagaId": .string(saga.id), "correlationId": .string(saga.order.correlationId),
        "action": .string(action.rawValue), "status": .string(saga.status.rawValue),
        "attempt": .integer(saga.attempt), "nodeId": .string(node),
      ]))
    if let key { remember(key, Memory(path: request.path, response: response)) }
    return response
  }

  /// Sends the response, with a delay while the fault `api-hang` is active. The work is already done.
  private func give(_ response: HTTPResponse, _ answer: @escaping HTTPServer.Answer) {
    guard context.isOn(.apiHang) else { return answer(response) }
    context.loop.after(milliseconds: Self.hang) { answer(response) }
  }

  private func remember(_ key: String, _ memory: Memory) {
    memories[key] = memory
    keys.append(key)
    guard keys.count > Self.mostKeys else { return }
    for old in keys.prefix(Self.mostKeys / 2) { memories[old] = nil }
    keys.removeFirst(Self.mostKeys / 2)
  }

  private func note(_ action: OperatorAction, _ saga: NestSaga?, _ key: String?, _ outcome: String) {
    context.ledger.write(
      NestEntry(
        time: Clock.epochMilliseconds(), order: saga?.order, sagaId: saga?.id, node: saga?.node,
        attempt: saga?.attempt ?? 0, effect: "action",
        action: NestEntry.Action(kind: action, key: key, outcome: outcome)
      ).line)
  }
}

extension HTTPResponse {
  /// An error response in the format of NestJS.
  static func failure(_ status: UInt32, _ message: String, code: String? = nil) -> HTTPResponse {
    HTTPResponse(
      status,
      .members(["statusCode": .integer(Int(status)), "message": .string(message), "error": .optional(code ?? message)]))
  }
}

/// The actions of operators.
enum OperatorAction: String {
  case retry, compensate

  /// Why the saga's status does not allow the action; `nil` if it does.
  func refusal(_ saga: NestSaga) -> String? {
    switch (self, saga.status) {
    case (.retry, .failed),
      (.retry, .started) where saga.isAbandoned:
      nil
    case (.retry, .started): "Saga is still in progress"
    case (.compensate, .started), (.compensate, .completed): nil
    case (_, .failed),
      (_, .compensating) where saga.isAbandoned:
      nil
    default: "Saga cannot be \(self == .retry ? "retried" : "compensated") while it is \(saga.status.rawValue)"
    }
  }
}
