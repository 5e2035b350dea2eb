import Glibc
import Testing

@testable import Demo

@Suite("The nest", .serialized)
struct NestRunTests {
  private func stalledSagas(_ count: Int, _ nest: RunningDemo) throws -> [String] {
    var ids: [String] = []
    try nest.wait("\(count) sagas to stall") {
      ids = nest.ledger.filter { $0.json["effect"] == .string("stalled") }.compactMap { $0.json["sagaId"]?.stringValue }
      return ids.count >= count
    }
    return ids
  }

  private func lines(_ sagaId: String, _ nest: RunningDemo) -> [JSON] {
    nest.ledger.map(\.json).filter { $0["sagaId"] == .string(sagaId) }
  }

  private func wait(_ nest: RunningDemo, _ client: NestClient, _ id: String, _ status: String) throws {
    try nest.wait("the saga to be \(status)") {
      (try? client.get("/sagas/\(id)"))??.body["status"] == .string(status)
    }
  }

  @Test("a retry is executed once per key, repeated with the same response, and refused if there is nothing to retry")
  func retry() throws {
    let nest = try RunningDemo(["--style", "nest", "--rate", "20", "--orders", "60", "--fault", "payment-flaky"])
    let id = try stalledSagas(1, nest)[0]
    let client = try NestClient.operatorClient(port: nest.httpPort)
    let first = try #require(try client.post("/saga/retry/\(id)", key: "one"))
    let second = try #require(try client.post("/saga/retry/\(id)", key: "one"))
    #expect(first.status == 201)
    #expect(second.body == first.body)
    #expect(second.headers.contains("Idempotent-Replayed: true"))
    try wait(nest, client, id, "completed")
    #expect(lines(id, nest).count { $0["effect"] == .string("retried") } == 1)
    #expect(lines(id, nest).count { $0["outcome"] == .string("repeated") } == 1)
    let refused = try #require(try client.post("/saga/retry/\(id)", key: "two"))
    #expect(refused.status == 409)
    #expect(refused.body["error"] == .string("SAGA_NOT_RETRYABLE"))
    #expect(try client.post("/saga/compensate/\(id)", key: "one")?.status == 422)
  }

  @Test("a compensation request compensates the completed steps, for every kind of saga id")
  func compensate() throws {
    let nest = try RunningDemo(["--style", "nest", "--rate", "20", "--orders", "20"])
    let client = try NestClient.operatorClient(port: nest.httpPort)
    var id = ""
    try nest.wait("a saga to complete") {
      id = nest.ledger.first { $0.json["business"] == .string("confirmed") }?.json["sagaId"]?.stringValue ?? ""
      return !id.isEmpty
    }
    #expect(try client.post("/saga/compensate/\(id)")?.status == 201)
    try wait(nest, client, id, "compensated")
    try nest.wait("its last event") { lines(id, nest).contains { $0["event"] == .string("SagaCompensated") } }
    let events = lines(id, nest).compactMap { $0["event"]?.stringValue }
    #expect(Set(events).isSuperset(of: ["PaymentRefunded", "OrderCancelled", "SagaCompensated"]))
    #expect(events.count { $0 == "SagaStepCompensated" } == 2)
    #expect(try client.post("/saga/compensate/\(id)")?.status == 409)
    let code = try #require(try client.get("/sagas/\(id)")).body
    let correlation = try #require(code["correlationId"]?.stringValue)
    #expect(try client.get("/saga/status/\(correlation)")?.body == code)
    #expect(try client.get("/sagas/correlation/\(correlation)")?.body == code)
    let trace = try #require(try client.get("/trace/correlation/\(correlation)")).body
    #expect(trace["found"] == .bool(true))
    #expect(trace["payment"]?["status"] == .string("refunded"))
  }

  @Test(
    "a declined payment follows its completed step without a saga event; a failed confirmation completes after its compensation"
  )
  func shapes() throws {
    let nest = try RunningDemo(["--style", "nest", "--rate", "60", "--orders", "150"])
    try nest.wait("one of each") {
      Set(["declined", "undone", "stranded"]).isSubset(of: nest.ledger.compactMap { $0.json["business"]?.stringValue })
    }
    try nest.wait("the last order to be over") {
      let lines = nest.ledger.map(\.json)
      return Set(lines.filter { $0["business"] != .string("open") }.compactMap { $0["orderId"]?.stringValue }).count
        == 150
        && !lines.isEmpty
    }
    let byOrder = Dictionary(grouping: nest.ledger.map(\.json)) { $0["orderId"]?.stringValue ?? "" }
    var shapes: Set<[String]> = []
    for lines in byOrder.values {
      let events = lines.sorted { $0["time"]?.integerValue ?? 0 < $1["time"]?.integerValue ?? 0 }
        .compactMap { $0["event"]?.stringValue }
      guard !events.contains("OrderConfirmed") else { continue }
      shapes.insert(events.filter { $0 != "OrderCreated" && $0 != "OrderStatusChanged" })
    }
    let start = ["SagaStarted", "SagaStepCompleted"]
    #expect(shapes.contains(start + ["PaymentFailed", "OrderCancelled"]))
    #expect(shapes.contains(start + ["PaymentProcessed", "SagaFailed", "SagaCompensationFailed", "SagaCompleted"]))
    #expect(
      shapes.contains { $0.starts(with: start + ["PaymentProcessed", "SagaFailed"]) && $0.last == "SagaCompleted" })
    #expect(shapes.contains(["SagaStarted", "SagaFailed", "SagaCompensated"]))
    #expect(nest.ledger.allSatisfy { $0.json["effect"] != .string("compensated") || $0.event == "SagaStepCompensated" })
  }

  @Test("a hanging call is executed; its response comes after the client's timeout")
  func hang() throws {
    let nest = try RunningDemo(
      ["--style", "nest", "--rate", "20", "--orders", "60", "--fault", "payment-flaky", "--fault", "api-hang"])
    let id = try stalledSagas(1, nest)[0]
    let client = try NestClient.operatorClient(port: nest.httpPort)
    #expect(try client.post("/saga/retry/\(id)", key: "one", patience: 1) == nil)
    try wait(nest, client, id, "completed")
    #expect(nest.end(SIGTERM) == 128 + SIGTERM)
  }

  @Test("while the API is flaky every tenth call fails without an effect")
  func flaky() throws {
    let nest = try RunningDemo(["--style", "nest", "--rate", "1", "--orders", "1", "--fault", "api-flaky"])
    let client = try NestClient.operatorClient(port: nest.httpPort)
    let statuses = try (0..<20).map { _ in try client.post("/saga/retry/none")?.status }
    #expect(statuses == Array(repeating: 404, count: 9) + [503] + Array(repeating: 404, count: 9) + [500])
  }

  @Test("without a valid token requests are refused; a token with a short lifetime expires soon")
  func tokens() throws {
    let nest = try RunningDemo(["--style", "nest", "--rate", "1", "--orders", "1", "--fault", "token-expiry"])
    var client = NestClient(port: nest.httpPort)
    #expect(try client.get("/sagas")?.status == 401)
    let wrong: JSON = .members(["email": .string(NestTokens.email), "password": .string("guess")])
    #expect(try client.post("/auth/login", body: wrong)?.status == 401)
    client.token = try client.login()
    #expect(try client.get("/sagas")?.status == 200)
    try nest.wait("the token to expire") { (try? client.get("/sagas"))??.status == 401 }
    #expect(try client.get("/health")?.body["status"] == .string("ok"))
  }

  @Test("an order is accepted once")
  func duplicateOrder() throws {
    let nest = try RunningDemo(["--style", "nest", "--rate", "1", "--orders", "0"])
    let client = try NestClient.operatorClient(port: nest.httpPort)
    let item: JSON = .members(["productId": .string("p"), "quantity": .integer(1), "price": .integer(100)])
    let order: JSON = .members(["userId": .string("u"), "items": .array([item])])
    let taken = try #require(try client.post("/orders", body: order))
    #expect(taken.status == 201)
    let again = try #require(try client.post("/orders", body: order))
    #expect(again.status == 409)
    #expect(again.body["error"] == .string("DUPLICATE_ORDER"))
    #expect(again.body["existingOrderId"] == taken.body["orderId"])
    #expect(try client.post("/orders", key: "another", body: order)?.status == 201)
    #expect(try client.post("/orders", body: .members(["userId": .string("u")]))?.status == 400)
  }

  @Test("a held lock is visible, and its value contains the acquisition time")
  func locks() throws {
    let nest = try RunningDemo(["--style", "nest", "--rate", "200"])
    let redis = RedisConnection(port: nest.redisPort)
    var found: (key: String, value: String)?
    try nest.wait("a lock") {
      guard case .array(let keys)? = try? redis.send(["KEYS", "lock:*"]) else { return false }
      for case .text(let key) in keys {
        if case .text(let value)? = try? redis.send(["GET", key]) { found = (key, value) }
      }
      return found != nil
    }
    let stamp = found?.value.split(separator: "-").first.flatMap { Int64($0) }
    #expect(abs(try #require(stamp) - Clock.epochMilliseconds()) < 60_000)
  }
}
