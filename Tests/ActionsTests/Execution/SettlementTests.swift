import Collectors
import Core
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Actions

@Suite("Unsettled outcomes")
struct SettlementTests {
  private static func retry(
    _ expectation: ActionDefinition.Expectation = .init(within: .milliseconds(50)), timeout: Duration = .seconds(5)
  ) throws -> ActionDefinition {
    ActionDefinition(
      name: .retry, call: try ActionScene.http(), expectation: expectation, rate: 1000, timeout: timeout)
  }

  @Test("an attempt without a connection does not change a previous unknown outcome: the next one reuses the key")
  func refusedAfterUnknown() async throws {
    let scene = try ActionScene([try Self.retry()])
    var server: ActionServer? = try ActionServer { _ in .close }
    scene.fail("7")
    let gate = scene.gate(server)
    let first = try #require(try await scene.run(gate, ["7"]).first)
    #expect(first.outcome.name == "unknown")
    let port = try #require(server?.port)
    server = nil
    try #require(await waitUntil { !LoopbackPort.accepts(port) })
    let second = try #require(try await scene.run(gate, ["7"]).first)
    #expect(second.outcome.detail?.hasPrefix("not sent: ") == true && second.idempotencyKey == first.idempotencyKey)
    let third = try scene.plan(gate, "7")
    #expect(third.items[0].idempotencyKey == first.idempotencyKey)
  }

  @Test(
    "another process's intent is pending for its maximum duration, then unknown with the same key",
    arguments: [1, 3600])
  func intendedElsewhere(age: Int) throws {
    let scene = try ActionScene([try Self.retry()])
    scene.fail("7")
    let gate = scene.gate()
    gate.readAudit()
    _ = try AuditLog(.init(path: scene.audit)).intend(
      ActionRecord(
        intent: "theirs", action: .retry, context: "test", subject: "7", type: "order",
        operator: .init(name: "bob@there"), idempotencyKey: "their-key",
        intendedAt: SystemClock.now() - .seconds(age)))
    let planned = gate.plan(ActionRequest(.retry, scene.subjects(["7"])))
    switch (planned, age) {
    case (.failure(let refusal), 1): #expect(refusal.message == "7: retry of bob@there is under way")
    case (.success(let plan), 3600): #expect(plan.items[0].idempotencyKey == "their-key")
    default: throw TestFailure("\(planned)")
    }
  }

  @Test("of two plans for the same saga only one runs, and the other skips the saga", arguments: [true, false])
  func twoPlans(isSameGate: Bool) async throws {
    let scene = try ActionScene([try Self.retry()])
    let server = try ActionServer { _ in .answer(200, "") }
    scene.fail("7")
    let gate = scene.gate(server)
    let other = isSameGate ? gate : scene.gate(server)
    let (first, second) = (try scene.plan(gate, "7"), try scene.plan(other, "7"))
    #expect(gate.run(first, answer: .yes) == nil)
    _ = try await scene.outcomes(gate, first)
    #expect(other.run(second, answer: .yes) == nil)
    let records = try await scene.outcomes(other, second)
    #expect(records.map(\.outcome) == [.skipped("another action was sent for it after it was planned")])
    #expect(server.requests.count == 1)
  }

  @Test("a subject that another process has started during the run is not started again")
  func meanwhile() async throws {
    var action = try Self.retry()
    action.concurrency = 1
    let scene = try ActionScene([action])
    let log = scene.audit
    let server = try ActionServer { _ in
      let theirs = ActionRecord(
        intent: "theirs", action: .retry, context: "test", subject: "2", type: "order",
        operator: .init(name: "bob@there"), idempotencyKey: "their-key", intendedAt: SystemClock.now())
      _ = try? AuditLog(.init(path: log)).intend(theirs)
      return .answer(200, "")
    }
    scene.fail(["1", "2"])
    let records = try await scene.run(scene.gate(server), ["1", "2"])
    #expect(records.last?.outcome == .skipped("another action was sent for it after it was planned"))
    #expect(server.requests.map(\.path) == ["/retry/1"])
  }

  @Test("clock changes during a run lose no outcome and end no observation", arguments: [-600, 600])
  func clock(jump: Int64) async throws {
    let scene = try ActionScene([try Self.retry(.init(events: ["done"], within: .seconds(90)))])
    let offset = Atomic<Int64>(0)
    let server = try ActionServer { _ in
      offset.store(jump, ordering: .relaxed)
      return .answer(200, "")
    }
    scene.fail("7")
    let gate = scene.gate(server) { settings in
      settings.now = { SystemClock.now() + .seconds(offset.load(ordering: .relaxed)) }
    }
    let plan = try scene.plan(gate, "7")
    #expect(gate.run(plan, answer: .yes) == nil)
    #expect(
      await waitUntil(.seconds(80)) { scene.store.actions(of: plan.intent).first?.outcome.name == "accepted" })
    scene.publish("done", "7")
    let record = try #require(try await scene.outcomes(gate, plan).first)
    guard case .observed(let after) = record.outcome else { throw TestFailure("\(record.outcome)") }
    #expect(after < .seconds(300))
  }

  @Test("after a restart, accepted actions whose observation was interrupted are reported as unknown")
  func unwatched() throws {
    let scene = try ActionScene([try Self.retry()])
    var record = ActionRecord(
      intent: "i", action: .retry, context: "test", subject: "7", type: "order", operator: .init(name: "x"),
      idempotencyKey: "k", intendedAt: SystemClock.now() - .seconds(600))
    let log = AuditLog(.init(path: scene.audit))
    _ = try log.intend(record)
    record.stages.append(.init(time: record.intendedAt, outcome: .accepted("HTTP 200")))
    record.watchedUntil = record.intendedAt + .seconds(30)
    try log.conclude([record])
    scene.gate().readAudit()
    let row = try #require(scene.store.actions(ActionQuery(limit: 9), now: .distantPast).rows.first)
    #expect(row.outcome.name == "accepted")
    #expect(row.outcome.detail?.hasPrefix("HTTP 200; unknown whether the effect was observed") == true)
  }

  @Test(
    "the text of a proxy's 503 determines whether the request reached the server",
    arguments: [
      ("reset reason: connection termination", "unknown"), ("reset reason: connection failure", "refused"),
    ])
  func proxy(reason: String, outcome: String) async throws {
    let scene = try ActionScene([try Self.retry()])
    let server = try ActionServer { _ in
      .answer(503, "upstream connect error or disconnect/reset before headers. \(reason)")
    }
    scene.fail("7")
    #expect(try await scene.run(scene.gate(server), ["7"]).first?.outcome.name == outcome)
  }

  @Test("a secret is masked even if the response is truncated in the middle of it", arguments: 280..<305)
  func shortenedSecret(length: Int) {
    let text = String(repeating: "x", count: length) + "hunter2-hunter2"
    let shown = AnswerText.message(of: Array(text.utf8)) { $0.replacing("hunter2-hunter2", with: "***") }
    #expect(!shown.contains("hu"))
  }

  @Test("a reason cannot break the log's lines, and a too long reason is refused")
  func longReason() throws {
    let scene = try ActionScene([try Self.retry()])
    scene.fail("7")
    let planned = scene.gate().plan(
      ActionRequest(.retry, scene.subjects(["7"]), reason: String(repeating: "\u{1}", count: 200_000)))
    #expect(throws: ActionRefusal.self) { try planned.get() }
    let record = ActionRecord(
      intent: "i", action: .retry, context: "c", subject: String(repeating: "\u{1}", count: 100_000),
      operator: .init(name: "x"), intendedAt: SystemClock.now())
    #expect(throws: AuditLog.NotIntended.self) { _ = try AuditLog(.init(path: scene.audit)).intend(record) }
  }

  @Test("a permanently locked log blocks nothing forever, and nothing is sent")
  func lockedLog() throws {
    let scene = try ActionScene([try Self.retry()])
    let server = try ActionServer { _ in .answer(200, "") }
    scene.fail("7")
    let gate = scene.gate(server)
    let plan = try scene.plan(gate, "7")
    mkdir("\(scene.directory.path)/state", 0o700)
    let file = open(scene.audit, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    defer { close(file) }
    try #require(flock(file, LOCK_EX) == 0)
    #expect(gate.run(plan, answer: .yes)?.kind == .audit)
    #expect(server.requests.isEmpty && ActionScene.text(of: scene.audit).isEmpty)
  }

  @Test("a removed, truncated or replaced log is detected, and logging continues", arguments: ["away", "cut", "other"])
  func rotated(how: String) throws {
    let scene = try ActionScene([try Self.retry()])
    let log = AuditLog(.init(path: scene.audit))
    var reader = AuditReader(path: scene.audit)
    for number in 0..<3 { _ = try log.intend(Self.record(number)) }
    #expect(try reader.read().get().count == 3)
    if how == "cut" { truncate(scene.audit, 0) } else { rename(scene.audit, scene.audit + ".1") }
    if how == "away" { _ = try reader.read().get() }
    for number in 3..<9 { _ = try log.intend(Self.record(number)) }
    #expect(try reader.read().get().map(\.subject) == (3..<9).map(String.init))
    #expect(reader.damages.count == 1)
    #expect(reader.records(now: SystemClock.now()).count == 9)
  }

  private static func record(_ number: Int) -> ActionRecord {
    ActionRecord(
      intent: "i", action: .retry, context: "test", subject: String(number), type: "order", operator: .init(name: "x"),
      intendedAt: SystemClock.now())
  }
}
