import Glibc

/// The single HTTP port of the nest: handles logins and routes requests. Sagas have two path forms: that of the code (`/sagas/…`) and
/// that of the API description (`/saga/…`).
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

/// The API's health documents.
struct NestHealth {
  private static let mostConnections = 20

  let context: NestContext
  let orchestrator: Orchestrator
  let redis: RedisConnection

  private var now: JSON { .string(Clock.text(Clock.epochMilliseconds())) }

  func brief() -> HTTPResponse {
    HTTPResponse(
      200,
      .members([
        "status": .string("ok"), "timestamp": now, "environment": .string("demo"),
        "database": .members(["connected": .bool(true), "name": .string("nest")]),
      ]))
  }

  func detailed() -> HTTPResponse {
    let isPaymentDown = context.isOn(.paymentDown)
    let redisAnswers = (try? redis.send(["PING"])) != nil
    let isHealthy = !isPaymentDown && redisAnswers
    return HTTPResponse(
      isHealthy ? 200 : 503,
      .members([
        "status": .string(isHealthy ? "ok" : "error"), "timestamp": now,
        "checks": .members([
          "database": Self.check(true), "redis": Self.check(redisAnswers), "payment": Self.check(!isPaymentDown),
        ]),
        "nodes": .object(context.nodes.map { JSON.Member(name: $0, value: Self.check(context.isRunning($0))) }),
      ]))
  }

  func pool() -> HTTPResponse {
    let active = min(1 + orchestrator.table.sagas.suffix(1000).count(where: \.isActive) / 4, Self.mostConnections)
    return HTTPResponse(
      200,
      .members([
        "status": .string("success"), "activeConnections": .integer(active),
        "maxConnections": .integer(Self.mostConnections), "isHealthy": .bool(true),
      ]))
  }

  private static func check(_ isUp: Bool) -> JSON { .members(["status": .string(isUp ? "up" : "down")]) }
}

/// Issues login tokens: they have the form of a JWT, but the signature is random and checked against this table.
struct NestTokens {
  static let email = "operator@nest.example"
  static let password = "demo-password"
  /// Lifetime of a token in seconds, normally and while the fault `token-expiry` is active.
  private static let lifetime = 3600
  private static let shortLifetime = 2
  private static let most = 1000

  /// Expiry times by token, in milliseconds since 1970.
  private var expiries: [String: Int64] = [:]

  /// A token if the password is correct; otherwise `nil`.
  mutating func login(_ request: JSON?, expiresSoon: Bool) -> (token: String, seconds: Int)? {
    guard request?["email"]?.stringValue == Self.email, request?["password"]?.stringValue == Self.password else {
      return nil
    }
    let seconds = expiresSoon ? Self.shortLifetime : Self.lifetime
    let now = Clock.epochMilliseconds()
    let token = Self.token(issued: now / 1000, expires: now / 1000 + Int64(seconds))
    if expiries.count >= Self.most { expiries = expiries.filter { $0.value > now } }
    if expiries.count >= Self.most { expiries = [:] }
    expiries[token] = now + Int64(seconds) * 1000
    return (token, seconds)
  }

  /// Whether the `Authorization` header contains a valid token.
  func admits(_ authorization: String?) -> Bool {
    guard let authorization, authorization.lowercased().hasPrefix("bearer ") else { return false }
    return expiries[String(authorization.dropFirst(7))].map { $0 > Clock.epochMilliseconds() } ?? false
  }

  private static func token(issued: Int64, expires: Int64) -> String {
    let header: JSON = .members(["alg": .string("HS256"), "typ": .string("JWT")])
    let claims: JSON = .members([
      "sub": .string("1"), "email": .string(email), "iat": .number(String(issued)), "exp": .number(String(expires)),
    ])
    let signature = (0..<32).map { _ in UInt8.random(in: 0...255) }
    return [Array(header.text.utf8), Array(claims.text.utf8), signature].map(base64).joined(separator: ".")
  }

  /// Base64 for URLs, without padding (RFC 4648, section 5).
  private static func base64(_ bytes: [UInt8]) -> String {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    return stride(from: 0, to: bytes.count, by: 3).map { start in
      let part = bytes[start..<min(start + 3, bytes.count)]
      let bits = part.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << (8 * UInt32(3 - part.count))
      return String((0...part.count).map { digits[Int(bits >> (18 - 6 * UInt32($0)) & 63)] })
    }.joined()
  }
}
