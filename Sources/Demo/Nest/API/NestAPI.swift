/// The nest's one HTTP port: logs in, and sends each request to the desk or document that it is for. Sagas can be asked for in
/// two forms, as the code has them (`/sagas/…`) and as its description has them (`/saga/…`).
final class NestAPI {
  private let context: NestContext
  private let orchestrator: Orchestrator
  private let publisher: NestPublisher
  private let redis: RedisConnection
  private let sagas: SagaDocuments
  private let traces: TraceDocuments
  private let health: NestHealth
  private let orders: OrderAPI
  private let actions: ActionAPI
  private var tokens = NestTokens()

  init(context: NestContext, orchestrator: Orchestrator, publisher: NestPublisher, redis: RedisConnection) {
    self.context = context
    self.orchestrator = orchestrator
    self.publisher = publisher
    self.redis = redis
    sagas = SagaDocuments(orchestrator: orchestrator)
    traces = TraceDocuments(orchestrator: orchestrator, publisher: publisher)
    health = NestHealth(context: context, orchestrator: orchestrator, redis: redis)
    orders = OrderAPI(context: context, orchestrator: orchestrator)
    actions = ActionAPI(context: context, orchestrator: orchestrator)
  }

  func answer(_ request: HTTPRequest, _ answer: @escaping HTTPServer.Answer) {
    let method = request.method == "HEAD" ? "GET" : request.method
    let words = request.segments
    switch (method, words.first, words.dropFirst().first, words.count) {
    case ("POST", "auth", "login", 2): answer(login(request))
    case ("GET", "health", nil, 1): answer(health.brief())
    case ("GET", "health", "detailed", 2): answer(health.detailed())
    case ("GET", "db-pool", nil, 1): answer(health.pool())
    case ("GET", "kafka-test", nil, 1): testKafka(answer)
    default:
      guard tokens.admits(request.headers["authorization"]) else { return answer(.failure(401, "Unauthorized")) }
      method == "POST" ? post(request, words, answer) : answer(get(request, words))
    }
  }

  private func login(_ request: HTTPRequest) -> HTTPResponse {
    guard
      let (token, seconds) = tokens.login(JSONParser.parse(request.body), expiresSoon: context.isOn(.tokenExpiry))
    else { return .failure(401, "Invalid credentials") }
    return HTTPResponse(
      201,
      .members([
        "accessToken": .string(token), "tokenType": .string("Bearer"), "expiresIn": .integer(seconds),
      ]))
  }

  private func post(_ request: HTTPRequest, _ words: [String], _ answer: @escaping HTTPServer.Answer) {
    switch (words.first, words.dropFirst().first, words.count) {
    case ("orders", nil, 1): answer(orders.take(request))
    case ("saga", "retry", 3): actions.take(.retry, sagaId: words[2], request, answer)
    case ("saga", "compensate", 3): actions.take(.compensate, sagaId: words[2], request, answer)
    case ("saga", "maintenance", 3) where words[2] == "cleanup-pending":
      let pending = orchestrator.table.sagas.count { $0.isAbandoned && $0.status == .started }
      answer(HTTPResponse(201, .members(["pending": .integer(pending), "cleaned": .integer(0)])))
    default: answer(.failure(404, "Cannot POST \(request.path)"))
    }
  }

  private func get(_ request: HTTPRequest, _ words: [String]) -> HTTPResponse {
    let table = orchestrator.table
    let missing = HTTPResponse.failure(404, "Cannot GET \(request.path)")
    switch (words.first, words.dropFirst().first, words.count) {
    case ("sagas", nil, 1): return sagas.page(request)
    case ("sagas", "status", 3): return sagas.byStatus(words[2], request)
    case ("sagas", "correlation", 3): return sagas.one(table.saga(correlationId: words[2]))
    case ("sagas", let id?, 2): return sagas.one(table.saga(id: id))
    case ("saga", "status", 3): return sagas.one(table.saga(correlationId: words[2]))
    case ("saga", "active", 2): return sagas.active()
    case ("saga", "maintenance", 3): return words[2] == "saga-health" ? sagas.health() : missing
    case ("trace", "correlation", 3): return traces.of(table.saga(correlationId: words[2]))
    case ("trace", "order", 3): return traces.of(table.saga(orderId: words[2]))
    case ("trace", "events", 2): return traces.events()
    case ("trace", "active-flows", 2): return traces.activeFlows()
    case ("redis-test", "lock-status", 3): return lockStatus(words[2])
    default: return missing
    }
  }

  private func testKafka(_ answer: @escaping HTTPServer.Answer) {
    publisher.test { result in
      switch result {
      case .success: answer(HTTPResponse(200, .members(["status": .string("success"), "connected": .bool(true)])))
      case .failure(let failure): answer(.failure(503, "\(failure)"))
      }
    }
  }

  private func lockStatus(_ key: String) -> HTTPResponse {
    do {
      let isLocked = try redis.send(["EXISTS", key]) == .integer(1)
      return HTTPResponse(
        200,
        .members([
          "key": .string(key), "isLocked": .bool(isLocked),
          "checkedAt": .string(Clock.text(Clock.epochMilliseconds())),
        ]))
    } catch {
      return .failure(503, "\(error)")
    }
  }
}
