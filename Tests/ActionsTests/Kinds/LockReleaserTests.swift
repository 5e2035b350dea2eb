import Collectors
import Core
import TestSupport
import Testing

@testable import Actions
@testable import Clients

@Suite("Releasing a lock")
struct LockReleaserTests {
  private func release(_ server: RedisServer, _ key: String, _ token: String, isHash: Bool = false) throws
    -> SendResult
  {
    try release(
      .init(source: "redis", key: key, token: token, isHash: isHash), "redis://127.0.0.1:\(server.port)")
  }

  private func release(
    _ lock: PreparedRequest.Release, _ address: String, timeout: Duration = .seconds(5)
  ) throws -> SendResult {
    let folder = try TemporaryDirectory()
    let intent = try AuditLog(.init(path: "\(folder.path)/audit.jsonl")).intend(
      ActionRecord(
        intent: "i", action: .releaseLock, context: "test", subject: lock.key, operator: .init(name: "x"),
        intendedAt: SystemClock.now()),
      PreparedRequest(call: .releaseLock(lock), idempotencyKey: "k", timeout: timeout))
    return LockReleaser.release(lock, intent, at: try RedisAddress(address))
  }

  @Test("a lock is removed only if its holder is still the observed one")
  func strings() async throws {
    let server = try await RedisServer.start()
    let client = try server.client()
    _ = try client.send("SET", "lock:a", "token-1")
    #expect(try release(server, "lock:a", "token-2").outcome.name == "refused")
    #expect(try client.send("GET", "lock:a").contains("token-1"))
    let answer = try release(server, "lock:a", "token-1")
    #expect(answer.outcome == .accepted("released") && answer.isObserved)
    #expect(try client.send("EXISTS", "lock:a").contains("0"))
    #expect(try release(server, "lock:a", "token-1").outcome.name == "refused")
  }

  @Test("a Redisson lock is removed by its holder's field")
  func hashes() async throws {
    let server = try await RedisServer.start()
    let client = try server.client()
    _ = try client.send("HSET", "lock:b", "uuid:31", "1")
    #expect(try release(server, "lock:b", "uuid:32", isHash: true).outcome.name == "refused")
    #expect(try release(server, "lock:b", "uuid:31", isHash: true).outcome == .accepted("released"))
    #expect(try client.send("EXISTS", "lock:b").contains("0"))
  }

  @Test("keys and tokens are not interpreted: one lock is removed and nothing else is changed")
  func injection() async throws {
    let server = try await RedisServer.start()
    let client = try server.client()
    let words = Injection.corpus + Injection.controls + ["'] redis.call('flushall') --", "KEYS[1]", "*\r\nFLUSHALL"]
    for isHash in [false, true] {
      _ = try client.send("SET", "bystander", "1")
      for word in words {
        let key = "lock:\(word)"
        _ = isHash ? try client.send("HSET", key, word, "1") : try client.send("SET", key, word)
        #expect(try release(server, key, "\(word) ", isHash: isHash).outcome.name == "refused")
        #expect(try release(server, key, word, isHash: isHash).outcome == .accepted("released"), "\(key)")
        #expect(try client.send("DBSIZE").contains("1"), "\(key)")
      }
      #expect(try client.send("GET", "bystander").contains("1"))
    }
  }

  @Test("a removal for which a permission is missing is refused completely")
  func forbidden() async throws {
    let server = try await RedisServer.start()
    let client = try server.client()
    _ = try client.send("ACL", "SETUSER", "ops", "on", ">pass-1", "~*", "&*", "+@all", "-publish")
    _ = try client.send("HSET", "lock:b", "uuid:31", "1")
    let answer = try release(
      .init(source: "redis", key: "lock:b", token: "uuid:31", isHash: true),
      "redis://ops:pass-1@127.0.0.1:\(server.port)")
    #expect(answer.outcome.name == "refused" && answer.outcome.detail?.contains("pass-1") == false)
    #expect(try client.send("EXISTS", "lock:b").contains("1"))
  }

  @Test(
    "a server that is silent, sends slowly or does not speak Redis gives the outcome unknown in time",
    arguments: [
      "", String(repeating: "+", count: 10_000), "*9999\r\n" + String(repeating: ":1\r\n", count: 9998), "HTTP",
    ])
  func rude(answer: String) throws {
    let server = try ActionServer(drip: answer.isEmpty ? nil : answer) { _ in .hang }
    let outcome = try release(
      .init(source: "redis", key: "a", token: "b", isHash: false), "redis://127.0.0.1:\(server.port)",
      timeout: .milliseconds(400)
    ).outcome
    #expect(outcome.name == "unknown" && outcome.detail?.isEmpty == false, "\(outcome)")
  }

  @Test("an unreachable server means refused")
  func unreachable() throws {
    let answer = try release(.init(source: "redis", key: "a", token: "b", isHash: false), "redis://127.0.0.1:1")
    #expect(answer.outcome.detail?.hasPrefix("not sent: ") == true)
  }

  @Test(
    "the plan warns before a release; a lock that expires or whose saga is active requires a typed confirmation",
    arguments: [(nil, "", nil), (20, "", "held"), (nil, "created", "held"), (nil, "done", nil)]
      as [(Int?, String, String?)])
  func question(ttl: Int?, event: String, typed: String?) throws {
    let pattern = try LockPattern("lock:{orderId}")
    let scene = try ActionScene(
      [ActionDefinition(name: .releaseLock, call: .releaseLock)], locks: [LockDefinition(pattern: pattern)])
    if !event.isEmpty {
      scene.publish("created", "7")
      if event != "created" { scene.publish(event, "7") }
    }
    let now = SystemClock.now()
    scene.store.accept(
      LockSample(
        source: "redis", time: now,
        locks: [
          LockObservation(
            key: "lock:7", definition: 0, holders: [LockHolder(token: "t-1")], time: now,
            ttl: ttl.map { .seconds($0) }, waiters: 3)
        ], passes: 1))
    let subject = ActionSubject.lock(LockKey(source: "redis", key: "lock:7"))
    let plan = try scene.gate().plan(ActionRequest(.releaseLock, .subjects([subject]))).get()
    #expect(plan.confirmation.typed == typed, "\(plan.confirmation.concerns)")
    let told = plan.facts.joined(separator: "\n")
    #expect(told.contains("held for at least ") && told.contains("3 wait for it"), "\(told)")
    #expect(told.contains(ttl == nil ? "has no time to live" : "ends in "))
    #expect(event.isEmpty || told.contains("of the saga order 7, \(event == "done" ? "completed" : "running")"))
  }
}
