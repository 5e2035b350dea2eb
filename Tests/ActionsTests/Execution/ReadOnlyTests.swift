import Core
import Glibc
import TestSupport
import Testing

@testable import Actions

@Suite("Read-only mode")
struct ReadOnlyTests {
  static let kinds: [(String, @Sendable () throws -> ActionCall)] = [
    ("http", { try ActionScene.http() }),
    (
      "kafka",
      { .kafka(.init(topic: try ActionScene.template("t", .topic), value: try ActionScene.template("{}", .json))) }
    ),
    ("republish", { .republish(.stepInput) }),
    (
      "command",
      { .command([try ActionScene.template("touch", .argument), try ActionScene.template("x{saga.id}", .argument)]) }
    ),
    ("redis", { .releaseLock }),
  ]

  @Test("no kind of action is available, planned or run, and nothing is written", arguments: kinds.indices)
  func refused(kind: Int) throws {
    let action = ActionDefinition(name: .retry, call: try Self.kinds[kind].1())
    let scene = try ActionScene([action])
    scene.fail("7")
    let server = try ActionServer { _ in .answer(200, "") }
    let gate = scene.gate(server) { $0.isReadOnly = true }
    let subject = ActionSubject.saga(try #require(scene.store.find(id: "7")))
    #expect(gate.availability(of: .retry, on: subject) == .impossible("read-only"))
    guard case .failure(let refusal) = gate.plan(ActionRequest(.retry, .subjects([subject]))) else {
      throw TestFailure("it was planned")
    }
    #expect(refusal.kind == .readOnly)
    // A plan made by an executor with write access is refused too. No lock exists here, so the plan for a lock is constructed.
    let planned = try? scene.gate(server).plan(ActionRequest(.retry, .subjects([subject]))).get()
    #expect(planned != nil || Self.kinds[kind].0 == "redis")
    let lock = ActionPlan(
      intent: "i", action: .releaseLock, kind: "redis", context: "test",
      items: [.init(subject: .lock(LockKey(source: "redis", key: "a")), id: "a")], confirmation: .yes)
    #expect(gate.run(planned ?? lock, answer: .yes)?.kind == .readOnly)
    #expect(server.requests.isEmpty)
    #expect(access(scene.audit, F_OK) != 0)
  }
}
