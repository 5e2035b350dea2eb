/// The API's event history documents.
struct TraceDocuments {
  let orchestrator: Orchestrator
  let publisher: NestPublisher

  func of(_ saga: NestSaga?) -> HTTPResponse {
    guard let saga else {
      return HTTPResponse(
        200,
        .members([
          "found": .bool(false), "saga": .null, "order": .null, "payment": .null, "timeline": .array([]),
          "summary": .null,
        ]))
    }
    return HTTPResponse(
      200,
      .members([
        "found": .bool(true), "saga": SagaDocuments.document(saga), "order": Self.order(saga),
        "payment": Self.payment(saga), "timeline": .array(saga.timeline.map(\.json)),
        "summary": .members([
          "status": .string(saga.status.rawValue), "events": .integer(saga.timeline.count),
          "durationMs": .number(String(saga.updatedAt - saga.createdAt)),
        ]),
      ]))
  }

  func events() -> HTTPResponse {
    HTTPResponse(
      200,
      .members([
        "events": .array(publisher.recent.reversed().map(\.json)), "total": .integer(publisher.recent.count),
      ]))
  }

  func activeFlows() -> HTTPResponse {
    let flows = orchestrator.table.sagas.filter(\.isActive).suffix(1000).map { saga -> JSON in
      .members([
        "correlationId": .string(saga.order.correlationId), "sagaId": .string(saga.id),
        "orderId": .string(saga.order.id), "status": .string(saga.status.rawValue),
        "currentStep": .string(saga.currentStep), "nodeId": .string(saga.node),
        "startedAt": .string(Clock.text(saga.createdAt)),
      ])
    }
    return HTTPResponse(200, .members(["flows": .array(Array(flows)), "total": .integer(flows.count)]))
  }

  private static func order(_ saga: NestSaga) -> JSON {
    .members([
      "id": .string(saga.order.id), "userId": .string(saga.order.userId), "status": .string(saga.orderStatus.rawValue),
      "totalAmount": .integer(saga.order.totalAmount), "nodeId": .string(saga.node),
    ])
  }

  private static func payment(_ saga: NestSaga) -> JSON {
    guard let id = saga.paymentId else { return .null }
    return .members([
      "id": .string(id), "orderId": .string(saga.order.id), "amount": .integer(saga.order.totalAmount),
      "status": .string(saga.paymentStatus.rawValue),
    ])
  }
}
