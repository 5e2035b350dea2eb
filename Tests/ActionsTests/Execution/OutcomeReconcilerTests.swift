import Collectors
import Core
import TestSupport
import Testing

@testable import Actions

@Suite("Outcomes after the end of a session")
struct OutcomeReconcilerTests {
  private func scene() throws -> ActionScene {
    let scene = try ActionScene([
      ActionDefinition(
        name: .retry, call: try ActionScene.http(),
        expectation: .init(events: ["done"], statuses: [.compensated], within: .seconds(30)),
        allowance: .init(statuses: [.failed, .completed]), timeout: .seconds(10))
    ])
    scene.publish("created", "7", secondsAgo: 700)
    scene.publish("failed", "7", secondsAgo: 690)
    return scene
  }

  /// Writes the log of a session that ended `secondsAgo`. `outcome` is the last recorded outcome.
  @discardableResult
  private func leave(
    _ outcome: ActionOutcome?, in scene: ActionScene, secondsAgo: Int64 = 600, context: String = "test"
  ) throws -> ActionRecord {
    var record = ActionRecord(
      intent: "theirs", action: .retry, context: context, subject: "7", type: "order", operator: .init(name: "x"),
      idempotencyKey: "their-key", intendedAt: SystemClock.now() - .seconds(secondsAgo))
    let log = AuditLog(.init(path: scene.audit))
    _ = try log.intend(record)
    guard let outcome else { return record }
    record.stages.append(.init(time: record.intendedAt + .seconds(1), outcome: outcome))
    record.watchedUntil = record.intendedAt + .seconds(31)
    try log.conclude([record])
    return record
  }

  private func told(_ scene: ActionScene) -> ActionOutcome? {
    scene.store.actions(ActionQuery(limit: 9), now: .distantPast).rows.first?.outcome
  }

  @Test(
    "the next session observes progress of the saga in time and records it once",
    arguments: [nil, .accepted("HTTP 200"), .unknown("no answer")] as [ActionOutcome?])
  func observed(outcome: ActionOutcome?) throws {
    let scene = try scene()
    let record = try leave(outcome, in: scene)
    scene.publish("done", "7", secondsAgo: 595)
    let gate = scene.gate()
    for _ in 0..<3 { gate.readAudit() }
    guard case .observed(let after) = told(scene) else { throw TestFailure("\(String(describing: told(scene)))") }
    #expect(abs(after.milliseconds - 5000) < 200)
    #expect(scene.lines.count { $0.record.outcome.name == "observed" } == 1)
    var reader = AuditReader(path: scene.audit)
    #expect(try reader.read().get().last?.id == record.id && reader.damages.isEmpty)
    // The outcome is known, so the next request is a new attempt.
    let next = try scene.plan(gate, "7").items[0]
    #expect(next.idempotencyKey != record.idempotencyKey && next.attempt == 2)
  }

  @Test(
    "a key is reused as long as success is not proven",
    arguments: ["before", "late", "nothing", "elsewhere", "its own"])
  func open(what: String) throws {
    let scene = try scene()
    try leave(.unknown("no answer"), in: scene, context: what == "elsewhere" ? "other" : "test")
    switch what {
    case "before": scene.publish("done", "7", secondsAgo: 601)
    case "late": scene.publish("done", "7", secondsAgo: 500)
    case "its own": scene.publish("done", "7", secondsAgo: 595, header: "idempotency-key: their-key")
    case "elsewhere": scene.publish("done", "7", secondsAgo: 595)
    default: scene.publish("seen", "7", secondsAgo: 595)
    }
    let gate = scene.gate()
    gate.readAudit()
    #expect(told(scene) == .unknown("no answer"))
    #expect(scene.lines.count { $0.kind == .outcome } == 1)
    #expect((try scene.plan(gate, "7").items[0].idempotencyKey == "their-key") == (what != "elsewhere"))
  }

  @Test("an action that another session may still observe is not changed")
  func young() throws {
    let scene = try scene()
    try leave(.accepted("HTTP 200"), in: scene, secondsAgo: 20)
    scene.publish("done", "7", secondsAgo: 15)
    scene.gate().readAudit()
    #expect(told(scene) == .accepted("HTTP 200"))
  }

  @Test("in read-only mode outcomes are shown but not recorded")
  func readOnly() throws {
    let scene = try scene()
    try leave(nil, in: scene)
    scene.publish("done", "7", secondsAgo: 595)
    let before = ActionScene.text(of: scene.audit)
    let gate = scene.gate { $0.isReadOnly = true }
    for _ in 0..<2 { gate.readAudit() }
    #expect(told(scene)?.name == "observed")
    #expect(ActionScene.text(of: scene.audit) == before)
  }

  @Test("a recent intent may belong to a running process, and the list shows this")
  func underWay() throws {
    let scene = try scene()
    try leave(nil, in: scene, secondsAgo: 3)
    var reader = AuditReader(path: scene.audit)
    _ = try reader.read().get()
    let now = SystemClock.now()
    let detail = reader.records(now: now).first?.outcome.detail
    #expect(detail?.contains("the request is in progress, or sagatop ended") == true)
    let later = reader.records(now: now + .seconds(60)).first?.outcome.detail
    #expect(later?.hasPrefix("no outcome was recorded: sagatop ended") == true)
  }
}
