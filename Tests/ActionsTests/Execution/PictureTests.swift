import Collectors
import Core
import Synchronization
import TestSupport
import Testing

@testable import Actions

@Suite("State of the sources when sending, and proof of success")
struct PictureTests {
  private static func retry(
    _ expectation: ActionDefinition.Expectation = .init(events: ["done"], within: .seconds(20)),
    path: String = "/retry/{saga.id}"
  ) throws -> ActionDefinition {
    ActionDefinition(name: .retry, call: try ActionScene.http(path), expectation: expectation, rate: 1000)
  }

  /// A Kafka source that has read everything and last succeeded `age` seconds ago.
  private static func kafka(age: Int64, phase: SourceStatus.Phase = .up) -> SourceStatus {
    var status = SourceStatus(.kafka, phase: phase)
    status.isComplete = true
    status.lastSuccess = SystemClock.now() - .seconds(age)
    return status
  }

  @Test("a plan from stale data must be confirmed by typing, and overridden exclusions are logged")
  func insisting() async throws {
    let scene = try ActionScene([try Self.retry(.init(within: .milliseconds(50)))])
    let server = try ActionServer { _ in .answer(200, "") }
    scene.fail("7")
    scene.store.accept(Self.kafka(age: 60))
    let gate = scene.gate(server)
    let plan = try scene.plan(gate, "7")
    let concern = try #require(plan.confirmation.concerns.first)
    #expect(concern.sentence.hasPrefix("kafka "))
    #expect(gate.run(plan, answer: .yes)?.kind == .notConfirmed)
    #expect(server.requests.isEmpty)
    #expect(gate.run(plan, answer: .typed("old picture")) == nil)
    #expect(await waitUntil { server.requests.count == 1 })
    #expect(scene.lines.first { $0.kind == .intended }?.record.insisted == concern.sentence)
  }

  @Test("concerns only strengthen the required confirmation")
  func everyConcern() async throws {
    let scene = try ActionScene([try Self.retry(.init(events: ["done"], within: .milliseconds(50)))])
    let server = try ActionServer { _ in .close }
    scene.fail(["7", "8"])
    let gate = scene.gate(server) { $0.isProtected = true }
    _ = try await scene.run(gate, ["7"])
    scene.store.accept(Self.kafka(age: 60))
    var wish = ActionRequest(.retry, scene.subjects(["7", "8"]))
    wish.newKey = true
    let plan = try gate.plan(wish).get()
    #expect(plan.confirmation.typed == "2 old picture new key" && plan.confirmation.concerns.count == 2)
    for answer in ["2", "old picture", "2 old picture", "new key", "2 new key"] {
      #expect(gate.run(plan, answer: .typed(answer))?.kind == .notConfirmed)
    }
    #expect(gate.run(plan, answer: .typed("2 old picture new key")) == nil)
    #expect(await waitUntil { server.requests.count == 3 })
    // Without Kafka, the effect of the sent requests could not be observed.
    scene.store.accept(Self.kafka(age: 0))
    let records = try await scene.outcomes(gate, plan)
    #expect(Set(records.map(\.idempotencyKey)).count == 2 && server.requests.count == 3)
    #expect(Set(server.requests.map(\.key)).count == 3)
  }

  @Test("a source that becomes silent after planning prevents sending")
  func silentMeanwhile() async throws {
    let scene = try ActionScene([try Self.retry()])
    let server = try ActionServer { _ in .answer(200, "") }
    scene.fail("7")
    scene.store.accept(Self.kafka(age: 0))
    let gate = scene.gate(server)
    let plan = try scene.plan(gate, "7")
    scene.store.accept(Self.kafka(age: 0, phase: .down))
    #expect(gate.run(plan, answer: .yes) == nil)
    let record = try #require(try await scene.outcomes(gate, plan).first)
    #expect(record.outcome.name == "skipped" && record.outcome.detail?.contains("kafka is down") == true)
    #expect(server.requests.isEmpty)
  }

  @Test("an event with a time before the intent proves nothing, even if it arrives later")
  func oldEvent() async throws {
    let scene = try ActionScene([try Self.retry(.init(events: ["done"], within: .milliseconds(300)))])
    let server = try ActionServer { _ in
      scene.publish("done", "7", secondsAgo: 30)
      return .answer(200, "")
    }
    scene.fail("7")
    let record = try #require(try await scene.run(scene.gate(server), ["7"]).first)
    #expect(record.outcome.name == "not observed")
  }

  @Test(
    "a saga that fails again counts as failed immediately, regardless of the expected events", arguments: [true, false])
  func failedAgain(isDefault: Bool) async throws {
    let expected = ActionDefinition.Expectation(events: isDefault ? [] : ["done"], within: .seconds(60))
    let scene = try ActionScene([try Self.retry(expected)])
    let server = try ActionServer { _ in
      scene.publish("failed", "7")
      return .answer(200, "")
    }
    scene.fail("7")
    let record = try #require(try await scene.run(scene.gate(server), ["7"]).first)
    #expect(record.outcome.name == "failed again")
    #expect(scene.lines.last?.record.outcome.name == "failed again")
  }

  @Test("an accepted action under observation is pending for other sessions too; --again overrides this")
  func watched() async throws {
    let scene = try ActionScene([try Self.retry()])
    let server = try ActionServer { _ in .answer(200, "") }
    scene.fail("7")
    let gate = scene.gate(server)
    let plan = try scene.plan(gate, "7")
    #expect(gate.run(plan, answer: .yes) == nil)
    #expect(await waitUntil { scene.store.actions(of: plan.intent).first?.outcome.name == "accepted" })
    let other = scene.gate(server)
    var wish = ActionRequest(.retry, scene.subjects(["7"]))
    #expect(throws: ActionRefusal.self) { try other.plan(wish).get() }
    wish.again = true
    let insisted = try other.plan(wish).get()
    #expect(insisted.items.count == 1 && insisted.confirmation.typed == "again")
    #expect(other.run(insisted, answer: .yes)?.kind == .notConfirmed)
    scene.publish("done", "7")
    _ = try await scene.outcomes(gate, plan)
  }

  @Test(
    "operators with different logs use the same key for the same failure of a saga, and another key for its next failure"
  )
  func oneKey() throws {
    let scene = try ActionScene([try Self.retry()])
    scene.fail("7")
    let mine = try scene.plan(scene.gate(), "7")
    let theirs = try scene.plan(scene.gate { $0.audit = .init(path: scene.audit + ".other") }, "7")
    #expect(mine.items[0].idempotencyKey == theirs.items[0].idempotencyKey && mine.intent != theirs.intent)
    #expect(mine.fingerprint == theirs.fingerprint && mine.fingerprint.hasPrefix("1-"))
    scene.publish("failed", "7", secondsAgo: -1)
    #expect(try scene.plan(scene.gate(), "7").items[0].idempotencyKey != mine.items[0].idempotencyKey)
  }

  @Test("an unknown request is sent again with its original key and reason")
  func sentAgainAsItWas() async throws {
    let call = try ActionScene.http(body: #"{"why": "{reason}", "name": "{data.name}"}"#)
    let scene = try ActionScene([
      ActionDefinition(name: .retry, call: call, expectation: .init(events: ["done"], within: .milliseconds(50)))
    ])
    let server = try ActionServer { _ in .close }
    scene.fail("7", body: #"{"name":"a"}"#)
    let gate = scene.gate(server)
    for reason in ["first", "second"] { _ = try await scene.run(gate, ["7"], reason: reason) }
    let (bodies, keys) = (server.requests.map(\.body), Set(server.requests.map(\.key)))
    #expect(bodies.count == 2 && Set(bodies).count == 1 && bodies[0].contains("first") && keys.count == 1)
  }

  @Test(
    "an unanswered intent of another session is pending for five timeouts, for every action on the saga",
    arguments: [(1, false), (4, false), (6, true)])
  func inFlight(timeouts: Int64, isPlanned: Bool) throws {
    var compensate = try Self.retry()
    compensate.name = .compensate
    compensate.allowance = .init(statuses: [.failed])
    let scene = try ActionScene([try Self.retry(), compensate])
    scene.fail("7")
    let time = SystemClock.now() - Duration.seconds(10 * timeouts)
    let record = ActionRecord(
      intent: "i", action: .retry, context: "test", subject: "7", type: "order", operator: .init(name: "bob"),
      idempotencyKey: "k", intendedAt: time)
    _ = try AuditLog(.init(path: scene.audit)).intend(record)
    for action in [ActionName.retry, .compensate] {
      switch scene.gate().plan(ActionRequest(action, scene.subjects(["7"]))) {
      case .success(let plan): #expect(isPlanned && (action == .compensate || plan.items[0].idempotencyKey == "k"))
      case .failure(let refusal): #expect(!isPlanned && refusal.message.contains("retry of bob is under way"))
      }
    }
  }

  @Test("a saga without changes is not examined repeatedly while it is observed")
  func idleWatch() async throws {
    let scene = try ActionScene([try Self.retry()])
    let server = try ActionServer { _ in .answer(200, "") }
    let ids = (1...10).map(String.init)
    scene.fail(ids)
    // The clock is read once per pass and once per examined saga.
    let looks = Atomic(0)
    let gate = scene.gate(server) {
      $0.now = {
        looks.add(1, ordering: .relaxed)
        return SystemClock.now()
      }
    }
    let plan = try gate.plan(ActionRequest(.retry, scene.subjects(ids))).get()
    #expect(gate.run(plan, answer: .yes) == nil)
    #expect(await waitUntil { gate.runState(of: plan.intent) == nil && server.requests.count == 10 })
    let before = looks.load(ordering: .relaxed)
    let isBusy = await waitUntil(.seconds(2)) { looks.load(ordering: .relaxed) - before > 80 }
    #expect(!isBusy && looks.load(ordering: .relaxed) > before)
    gate.close()
  }

  @Test("a warning is shown if a key is older than the server stores keys")
  func oldKey() throws {
    let scene = try ActionScene([try Self.retry()])
    scene.fail("7")
    var record = ActionRecord(
      intent: "i", action: .retry, context: "test", subject: "7", type: "order", operator: .init(name: "bob"),
      idempotencyKey: "k", intendedAt: SystemClock.now() - .seconds(7200))
    let log = AuditLog(.init(path: scene.audit))
    _ = try log.intend(record)
    record.stages.append(.init(time: record.intendedAt, outcome: .unknown("no answer")))
    try log.conclude([record])
    func warning(_ window: Duration) throws -> String {
      let gate = scene.gate { $0.apis[0].idempotencyWindow = window }
      return try #require(try scene.plan(gate, "7").items[0].warning)
    }
    #expect(try warning(.seconds(3600)).contains("forgets keys after 1h"))
    #expect(try !warning(.seconds(86_400)).contains("forgets"))
  }

  @Test("an accepted action stays under observation while an event source is silent")
  func blind() async throws {
    let scene = try ActionScene([try Self.retry(.init(events: ["done"], within: .milliseconds(200)))])
    let server = try ActionServer { _ in
      scene.store.accept(Self.kafka(age: 0, phase: .down))
      return .answer(200, "")
    }
    scene.fail("7")
    scene.store.accept(Self.kafka(age: 0))
    let gate = scene.gate(server)
    let plan = try scene.plan(gate, "7")
    #expect(gate.run(plan, answer: .yes) == nil)
    let isLonger = await waitUntil {
      guard let record = scene.store.actions(of: plan.intent).first, let end = record.watchedUntil else { return false }
      return end - record.updatedAt > .milliseconds(900)
    }
    #expect(isLonger && scene.store.actions(of: plan.intent).first?.outcome.name == "accepted")
    scene.store.accept(Self.kafka(age: 0))
    scene.publish("done", "7", secondsAgo: -1)
    #expect(try await scene.outcomes(gate, plan).first?.outcome.name == "observed")
  }

  @Test("the plan reports marked sagas that the list's filter now hides")
  func hidden() throws {
    let scene = try ActionScene([try Self.retry()])
    scene.fail(["7", "8"])
    var wish = ActionRequest(.retry, scene.subjects(["7", "8"]))
    wish.shown = try Filter(parsing: "id=7", for: SagaRow.vocabulary)
    #expect(
      try scene.gate().plan(wish).get().facts == ["not in the list that is seen, because its filter hides them: 8"])
    wish.shown = nil
    #expect(try scene.gate().plan(wish).get().facts.isEmpty)
  }

  @Test("two Unicode normal forms of an id are two sagas, also for actions")
  func normalForms() async throws {
    let scene = try ActionScene([try Self.retry()])
    let server = try ActionServer { _ in .answer(200, "") }
    let forms = ["caf\u{e9}", "cafe\u{301}"]
    scene.fail(forms)
    let gate = scene.gate(server)
    let plan = try scene.plan(gate, forms[0])
    #expect(gate.run(plan, answer: .yes) == nil)
    #expect(await waitUntil { server.requests.count == 1 })
    #expect(try scene.plan(gate, forms[1]).items.count == 1)
    #expect(throws: ActionRefusal.self) { try scene.plan(gate, forms[0]) }
  }

  @Test("a conflict after an unknown attempt with the same key stays unknown", arguments: [409, 422, 400])
  func conflict(status: Int) async throws {
    let scene = try ActionScene([try Self.retry(.init(within: .milliseconds(50)))])
    let tries = Atomic(0)
    let server = try ActionServer { _ in
      tries.add(1, ordering: .relaxed).oldValue == 0 ? .close : .answer(status, #"{"message":"in progress"}"#)
    }
    scene.fail("7")
    let gate = scene.gate(server)
    #expect(try await scene.run(gate, ["7"]).first?.outcome.name == "unknown")
    let second = try #require(try await scene.run(gate, ["7"]).first)
    #expect(second.outcome.name == (status == 400 ? "refused" : "unknown"))
    #expect(second.outcome.detail?.contains("in progress") == true)
  }

  @Test(
    "a saga is excluded if a value would change the path",
    arguments: ["x/../../admin", "..", "%2e%2e", "a%2Fb", "a%252Fb", "a\\b", "..;x"])
  func path(id: String) throws {
    let scene = try ActionScene([try Self.retry()])
    scene.fail(id)
    #expect(throws: ActionRefusal.self) { try scene.plan(scene.gate(), id) }
  }
}
