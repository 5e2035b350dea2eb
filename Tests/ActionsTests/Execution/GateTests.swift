import Collectors
import Core
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Actions

@Suite("The action executor")
struct GateTests {
  private static func retry(
    _ expectation: ActionDefinition.Expectation = .init(within: .milliseconds(300)), timeout: Duration = .seconds(5),
    rate: Int = 1000, maxBatch: Int = 500
  ) throws -> ActionDefinition {
    ActionDefinition(
      name: .retry, call: try ActionScene.http(), expectation: expectation,
      allowance: .init(statuses: [.failed, .completed]), maxBatch: maxBatch, rate: rate, timeout: timeout)
  }

  @Test("an accepted retry is observed when the saga progresses as expected")
  func observed() async throws {
    let scene = try ActionScene([try Self.retry(.init(events: ["done"], within: .seconds(20)))])
    let server = try ActionServer { request in
      // `seen` is not the expected event.
      scene.publish("seen", "7")
      scene.publish("done", "7")
      return .answer(202, #"{"message":"on its way"}"#)
    }
    scene.fail("7")
    let record = try #require(try await scene.run(scene.gate(server), ["7"], reason: "why not").first)
    #expect(record.stages.map(\.outcome.name) == ["intended", "sent", "accepted", "observed"])
    #expect(record.stages[2].outcome == .accepted("HTTP 202: on its way"))
    #expect(server.requests.map(\.path) == ["/retry/7"])
    #expect(server.requests[0].key == record.idempotencyKey && record.idempotencyKey.count == 32)
    #expect(scene.lines.map(\.kind) == [.planned, .intended, .outcome, .outcome])
    #expect(scene.lines.allSatisfy { $0.record.reason == "why not" })
    #expect(scene.store.saga(try #require(scene.store.find(id: "7")), now: SystemClock.now())?.actions == [record])
  }

  @Test("an accepted action without progress of the saga is not observed")
  func notObserved() async throws {
    let scene = try ActionScene([try Self.retry(.init(events: ["done"], within: .milliseconds(200)))])
    let server = try ActionServer { _ in
      scene.publish("seen", "7")
      return .answer(200, "")
    }
    scene.fail("7")
    let record = try #require(try await scene.run(scene.gate(server), ["7"]).first)
    guard case .notObserved = record.outcome else { throw TestFailure("\(record.outcome)") }
  }

  @Test(
    "responses are reported precisely: an outcome is refused only if the server certainly did nothing",
    arguments: [
      (409, "refused", "409: the saga runs"), (503, "refused", "503: the saga runs"),
      (302, "unknown", "HTTP 302: a redirect, not followed. the saga runs"),
      (500, "unknown", "HTTP 500: the saga runs"), (520, "unknown", "HTTP 520: the saga runs"),
      (504, "unknown", "HTTP 504: the saga runs"),
    ])
  func answers(status: Int, outcome: String, detail: String) async throws {
    let scene = try ActionScene([try Self.retry()])
    let server = try ActionServer { _ in .answer(status, #"{"error":"x","message":"the saga\nruns"}"#) }
    scene.fail("7")
    let record = try #require(try await scene.run(scene.gate(server), ["7"]).first)
    #expect(record.outcome.name == outcome)
    #expect(record.outcome.detail == detail)
    #expect(server.requests.count == 1)
  }

  @Test("an unreachable server means refused, not unknown")
  func unreachable() async throws {
    let scene = try ActionScene([try Self.retry()])
    scene.fail("7")
    let record = try #require(try await scene.run(scene.gate(), ["7"]).first)
    guard case .refused(nil, let message) = record.outcome else { throw TestFailure("\(record.outcome)") }
    #expect(message.hasPrefix("not sent: "))
  }

  @Test(
    "a missing response means unknown; nothing is sent again automatically, and the next attempt has the same key",
    arguments: [true, false])
  func unknown(hangs: Bool) async throws {
    let scene = try ActionScene([try Self.retry(timeout: hangs ? .seconds(2) : .seconds(60))])
    let done = Mutex<[String: Int]>([:])
    let server = try ActionServer { request in
      let isNew = done.withLock { done in
        done[request.key, default: 0] += 1
        return done[request.key] == 1
      }
      if !isNew { return .answer(200, "done already") }
      return hangs ? .hang : .close
    }
    scene.fail("7")
    let gate = scene.gate(server)
    let first = try #require(try await scene.run(gate, ["7"]).first)
    #expect(first.outcome.name == "unknown")
    #expect(server.requests.count == 1)

    let plan = try scene.plan(gate, "7")
    #expect(plan.items[0].idempotencyKey == first.idempotencyKey && plan.items[0].attempt == 1)
    #expect(plan.items[0].warning?.contains("same key") == true)
    #expect(gate.run(plan, answer: .yes) == nil)
    let second = try #require(try await scene.outcomes(gate, plan).first)
    #expect(second.stages.contains { $0.outcome == .accepted("HTTP 200: done already") })
    #expect(done.withLock { $0 } == [first.idempotencyKey: 2])

    // The outcome is known, so the next request is a new attempt.
    let third = try scene.plan(gate, "7")
    #expect(third.items[0].idempotencyKey != first.idempotencyKey && third.items[0].attempt == 3)
  }

  @Test(
    "of 300 requests, of which every tenth is refused, each has an outcome and a prior record; concurrency is limited"
  )
  func bulk() async throws {
    let scene = try ActionScene([try Self.retry()])
    let path = scene.audit
    let undurable = Atomic(0)
    let server = try ActionServer { request in
      if !ActionScene.text(of: path).contains(request.key) { undurable.add(1, ordering: .relaxed) }
      let number = Int(request.path.split(separator: "/").last ?? "") ?? 0
      return number % 10 == 0 ? .answer(503, "no") : .answer(200, "")
    }
    let ids = (1...300).map(String.init)
    scene.fail(ids)
    let records = try await scene.run(scene.gate(server), ids)
    #expect(records.count == 300 && server.requests.count == 300)
    #expect(Set(server.requests.map(\.key)).count == 300)
    #expect(records.filter { $0.outcome.name == "refused" }.map(\.subject).allSatisfy { $0.hasSuffix("0") })
    #expect(records.count { $0.outcome.name == "refused" } == 30)
    #expect(undurable.load(ordering: .relaxed) == 0)
    #expect(server.mostAtOnce <= 4)
    #expect(scene.lines.count { $0.kind == .intended } == 300)
    #expect(scene.lines.count { $0.kind == .outcome && $0.record.outcome.name == "refused" } == 30)
  }

  @Test("after a cancellation pending requests finish, the rest is not sent, and every subject has an outcome")
  func cancel() async throws {
    let scene = try ActionScene([try Self.retry(timeout: .seconds(150))])
    let ids = (1...200).map(String.init)
    scene.fail(ids)
    let isCancelled = Flag()
    let server = try ActionServer { request in
      // The first request of a batch is sent alone.
      if request.path.hasSuffix("/1") {
        scene.publish("done", "1")
        return .answer(200, "")
      }
      return blockUntil(.seconds(120)) { isCancelled.isRaised } ? .answer(200, "") : .close
    }
    let gate = scene.gate(server)
    let plan = try gate.plan(ActionRequest(.retry, scene.subjects(ids))).get()
    #expect(gate.run(plan, answer: .typed("200")) == nil)
    // The maximum number of concurrent requests, all without a response.
    #expect(await waitUntil(.seconds(100)) { server.requests.count == 5 })
    gate.cancel(intent: plan.intent)
    isCancelled.raise()
    let records = try await scene.outcomes(gate, plan)
    let cancelled = records.count { $0.outcome == .cancelled }
    #expect(records.count == 200)
    #expect(cancelled == 195 && server.requests.count == 5)
    #expect(scene.lines.count { $0.kind == .intended } == server.requests.count)
    #expect(scene.lines.count { $0.kind == .outcome && $0.record.outcome == .cancelled } == cancelled)
  }

  @Test("a saga that progressed after planning is skipped, the others are not")
  func moved() async throws {
    let scene = try ActionScene([try Self.retry()])
    let server = try ActionServer { _ in .answer(200, "") }
    scene.fail(["1", "2"])
    let gate = scene.gate(server)
    let plan = try scene.plan(gate, "1", "2")
    scene.publish("seen", "1")
    #expect(gate.run(plan, answer: .yes) == nil)
    let records = try await scene.outcomes(gate, plan)
    #expect(records[0].outcome == .skipped("it has changed after it was planned"))
    #expect(server.requests.map(\.path) == ["/retry/2"])
  }

  @Test("an expired plan is refused")
  func oldPlan() throws {
    let scene = try ActionScene([try Self.retry()])
    scene.fail(["7"])
    let gate = scene.gate { $0.planAge = .zero }
    let plan = try scene.plan(gate, "7")
    #expect(gate.run(plan, answer: .yes)?.message.contains("the plan is older than") == true)
    #expect(scene.lines.isEmpty)
  }

  @Test("a plan runs once, unchanged, and only on the executor that made it")
  func forged() async throws {
    let scene = try ActionScene([try Self.retry()])
    let server = try ActionServer { _ in .answer(200, "") }
    scene.fail(["1", "2"])
    let gate = scene.gate(server)
    let plan = try scene.plan(gate, "1")
    var forged = plan
    forged.items[0].id = "2"
    #expect(gate.run(forged, answer: .yes)?.kind == .notConfirmed)
    #expect(scene.gate(server).run(plan, answer: .yes)?.kind == .notConfirmed)
    #expect(gate.run(plan, answer: .typed("2"))?.kind == .notConfirmed)
    #expect(server.requests.isEmpty && scene.lines.isEmpty)
    #expect(gate.run(plan, answer: .yes) == nil)
    #expect(gate.run(plan, answer: .yes)?.kind == .notConfirmed)
    _ = try await scene.outcomes(gate, plan)
    #expect(server.requests.count == 1)
  }

  @Test("confirmation grows with the harm")
  func confirmation() throws {
    let scene = try ActionScene([try Self.retry(maxBatch: 30)])
    let ids = (1...40).map { "order-\($0)" }
    scene.fail(ids)
    scene.fail("old-1234")
    scene.publish("done", "old-1234")
    func asks(_ count: Int, isProtected: Bool = false) -> ActionConfirmation? {
      let gate = scene.gate { $0.isProtected = isProtected }
      return try? gate.plan(ActionRequest(.retry, scene.subjects(Array(ids.prefix(count))))).get().confirmation
    }
    #expect(asks(1) == .yes)
    #expect(asks(2) == .yesAfterSample(count: 2))
    #expect(asks(20) == .yesAfterSample(count: 20))
    #expect(asks(21) == .typeCount(21))
    #expect(asks(1, isProtected: true) == .typeCount(1))
    #expect(asks(31) == nil)
    let tooMany = scene.gate().plan(ActionRequest(.retry, .filter(.all)))
    #expect(throws: ActionRefusal.self) { try tooMany.get() }
    #expect(try scene.plan(scene.gate(), "old-1234").confirmation == .typeEnding("1234"))
    let both = try scene.plan(scene.gate(), "old-1234", "order-1")
    #expect(both.items.map(\.id) == ["order-1"] && both.exclusions.map(\.id) == ["old-1234"])
  }

  @Test("subjects that cannot take the action are excluded with a reason; without any subject the plan is refused")
  func exclusions() throws {
    let scene = try ActionScene([try Self.retry()])
    scene.fail("1")
    scene.publish("created", "2")
    let plan = try scene.plan(scene.gate(), "1", "2")
    #expect(plan.items.map(\.id) == ["1"])
    #expect(plan.exclusions == [.init(id: "2", reason: "it is running: retry is for failed, completed")])
    guard case .failure(let refusal) = scene.gate().plan(ActionRequest(.retry, scene.subjects(["2"]))) else {
      throw TestFailure("it was planned")
    }
    #expect(refusal.kind == .nothingToDo)
    guard case .failure(let undefined) = scene.gate().plan(ActionRequest(.compensate, scene.subjects(["1"]))) else {
      throw TestFailure("it was planned")
    }
    #expect(undefined.kind == .undefined)
    guard
      case .failure(let server) = scene.gate(nil, { $0.apis = [] }).plan(ActionRequest(.retry, scene.subjects(["1"])))
    else {
      throw TestFailure("it was planned")
    }
    #expect(server.kind == .undefined && server.message.contains("no API `shop`"))
  }

  @Test("a second operator is warned of earlier actions, based on the audit log and on the saga's messages")
  func secondOperator() async throws {
    let scene = try ActionScene([try Self.retry()])
    let server = try ActionServer { _ in .answer(200, "") }
    scene.fail("7")
    _ = try await scene.run(scene.gate(server), ["7"])
    // Another process has its own store and the same log.
    let other = try ActionScene([try Self.retry()])
    other.fail("7")
    let plan = try other.plan(
      other.gate(server) {
        $0.audit = .init(path: scene.audit); $0.operator.name = "bob@there"
      }, "7")
    #expect(plan.items[0].warning?.hasPrefix("alice@here did retry ") == true)
    #expect(plan.items[0].attempt == 2)
    // For an operator with another log, the key in the saga's messages reveals the action. It is not taken for the operator's own action.
    let apart = try ActionScene([try Self.retry()])
    apart.fail("7")
    #expect(try apart.plan(apart.gate(server), "7").items[0].warning == nil)
    apart.publish("seen", "7", header: "Idempotency-Key: \(plan.items[0].idempotencyKey)")
    let warning = try apart.plan(apart.gate(server), "7").items[0].warning
    #expect(warning?.hasPrefix("an action that is not in this audit log published seen ") == true)
  }
}
