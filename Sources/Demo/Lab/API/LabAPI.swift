/// The lab's documents behind the single port of its gateway.
final class LabAPI {
  private let context: LabContext
  private let orchestrator: LabOrchestrator
  private let store: EventStore
  private var commands = 0

  init(context: LabContext, orchestrator: LabOrchestrator, store: EventStore) {
    self.context = context
    self.orchestrator = orchestrator
    self.store = store
  }

  func answer(_ request: HTTPRequest) -> HTTPResponse {
    let body = request.method == "POST" ? post(request) : get(request)
    guard let body else {
      return HTTPResponse(404, .members(["error": .string("Not Found"), "path": .string(request.path)]))
    }
    var response = HTTPResponse(200, body)
    guard request.method != "POST" else { return response }
    let tag = "\"\(Self.digest(response.body))\""
    if request.headers["if-none-match"] == tag { response = HTTPResponse(304, text: "", type: "application/json") }
    response.headers.append(("ETag", tag))
    return response
  }

  private func get(_ request: HTTPRequest) -> JSON? {
    switch request.segments.dropFirst().joined(separator: "/") {
    case "saga/start": orchestrator.newest?.document ?? .members([:])
    case "saga/compensate": compensation(request.query["saga_id"] ?? "")
    case "orders": order
    case "payments": payment
    case "events": store.document(request.query)
    case "projections/status": store.projectionStatus
    case "queries/users": readModel("users", JSON.array([]))
    case "queries/user-stats": readModel("total_events", .integer(store.count))
    default: nil
    }
  }

  private func post(_ request: HTTPRequest) -> JSON? {
    let body = JSONParser.parse(request.body)
    switch request.segments.dropFirst().joined(separator: "/") {
    case "saga/start": return orchestrator.start().document
    case "saga/compensate": return compensation(body?["saga_id"]?.stringValue ?? request.query["saga_id"] ?? "")
    case "events/replay":
      return .members([
        "replay_id": .string("replay-\(store.count)"), "status": .string("started"),
        "events_count": .integer(store.count), "estimated_time": .string("\(store.count / 100 + 1)s"),
      ])
    case "projections/update":
      return .members([
        "projection_id": .string("projection-\(store.count)"), "type": .string("UserProjection"),
        "status": .string("processing"), "events_processed": .integer(store.count),
        "last_event_id": .optional(store.lastID),
      ])
    case "commands/create-user", "commands/update-user": return command(request.segments.last ?? "")
    default: return nil
    }
  }

  private func command(_ type: String) -> JSON {
    commands += 1
    return .members([
      "command_id": .string("cmd-\(commands)"), "type": .string(type), "status": .string("accepted"),
      "event_id": .optional(store.lastID), "timestamp": .string(Clock.text(Clock.epochMilliseconds())),
    ])
  }

  private func readModel(_ name: String, _ value: JSON) -> JSON {
    let updated = store.projections.map(\.updatedAt).min() ?? 0
    return .object([
      .init(name: name, value: value), .init(name: "source", value: .string("read-model")),
      .init(name: "last_updated", value: .string(Clock.text(updated))),
    ])
  }

  private func compensation(_ id: String) -> JSON {
    guard let saga = orchestrator.saga(id) else {
      return .members(["saga_id": .string(id), "status": .string("unknown"), "message": .string("no such saga")])
    }
    let isBegun = orchestrator.compensate(saga)
    return .members([
      "saga_id": .string(id), "status": .string(saga.status.rawValue),
      "message": .string(isBegun ? "compensation has begun" : "nothing is left to be undone"),
    ])
  }

  private var order: JSON {
    let saga = orchestrator.newest
    let isUndone = saga?.compensations[.createOrder] == "completed"
    let isDone = saga?.steps[.createOrder] == "completed"
    return Self.part(
      "order-service", "create_order", saga, isUndone ? "compensated" : isDone ? "completed" : "initiated")
  }

  private var payment: JSON {
    let saga = orchestrator.newest
    let isUndone = saga?.compensations[.processPayment] == "completed"
    let isDone = saga?.steps[.processPayment] == "completed"
    return Self.part(
      "payment-service", "process_payment", saga, isUndone ? "refunded" : isDone ? "completed" : "initiated")
  }

  private static func part(_ service: String, _ action: String, _ saga: LabSaga?, _ status: String) -> JSON {
    .members([
      "service": .string(service), "action": .string(action), "saga_id": .optional(saga?.id),
      "status": .string(status), "amount": saga.map { .integer($0.amount) } ?? .null,
    ])
  }

  /// FNV-1a hash of the bytes in hexadecimal.
  private static func digest(_ bytes: [UInt8]) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return String(hash, radix: 16)
  }
}
