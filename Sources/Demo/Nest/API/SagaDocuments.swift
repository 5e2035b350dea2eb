/// The API's saga documents.
struct SagaDocuments {
  private static let largestPage = 100

  let orchestrator: Orchestrator

  /// A page of the sagas selected by `isWanted`, the newest first.
  func page(_ request: HTTPRequest, where isWanted: (NestSaga) -> Bool = { _ in true }) -> HTTPResponse {
    let limit = min(max(request.query["limit"].flatMap { Int($0) } ?? 10, 1), Self.largestPage)
    let page = min(max(request.query["page"].flatMap { Int($0) } ?? 1, 1), Int(Int32.max))
    let all = orchestrator.table.sagas.reversed().filter(isWanted)
    return HTTPResponse(
      200,
      .members([
        "sagas": .array(all.dropFirst((page - 1) * limit).prefix(limit).map(Self.document)),
        "total": .integer(all.count), "page": .integer(page), "limit": .integer(limit),
        "totalPages": .integer((all.count + limit - 1) / limit),
      ]))
  }

  func byStatus(_ word: String, _ request: HTTPRequest) -> HTTPResponse {
    guard let status = NestSaga.Status(rawValue: word) else { return .failure(400, "Unknown status \(word)") }
    return page(request) { $0.status == status }
  }

  func one(_ saga: NestSaga?) -> HTTPResponse {
    saga.map { HTTPResponse(200, Self.document($0)) } ?? .failure(404, "Saga not found")
  }

  func active() -> HTTPResponse {
    let active = orchestrator.table.sagas.filter(\.isActive)
    return HTTPResponse(
      200, .members(["sagas": .array(active.suffix(1000).map(Self.document)), "total": .integer(active.count)]))
  }

  func health() -> HTTPResponse {
    let counts = NestSaga.Status.allCases.map { status in
      JSON.Member(
        name: status.rawValue, value: .integer(orchestrator.table.sagas.count { $0.status == status }))
    }
    let stuck = orchestrator.table.sagas.count { $0.isAbandoned && $0.isActive }
    return HTTPResponse(
      200,
      .members([
        "status": .string(stuck == 0 ? "healthy" : "degraded"), "counts": .object(counts), "stuck": .integer(stuck),
        "timestamp": .string(Clock.text(Clock.epochMilliseconds())),
      ]))
  }

  static func document(_ saga: NestSaga) -> JSON {
    .members([
      "id": .string(saga.id), "sagaType": .string(NestSaga.type), "correlationId": .string(saga.order.correlationId),
      "status": .string(saga.status.rawValue), "currentStep": .string(saga.currentStep),
      "completedSteps": .array(saga.completedSteps.map { .string($0.rawValue) }),
      "compensationSteps": .array(saga.compensationSteps.map(JSON.string)),
      "data": .members([
        "orderId": .string(saga.order.id), "userId": .string(saga.order.userId),
        "totalAmount": .integer(saga.order.totalAmount), "items": .array(saga.order.items.map(\.json)),
        "shippingAddress": .string(saga.order.shippingAddress),
      ]),
      "errorMessage": .optional(saga.errorMessage), "createdAt": .string(Clock.text(saga.createdAt)),
      "updatedAt": .string(Clock.text(saga.updatedAt)),
    ])
  }
}
