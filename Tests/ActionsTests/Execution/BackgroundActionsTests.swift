import Core
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Actions

@Suite("Actions in the background")
struct BackgroundActionsTests {
  private static func retry() throws -> ActionDefinition {
    ActionDefinition(name: .retry, call: try ActionScene.http(), expectation: .init(within: .milliseconds(50)))
  }

  @Test("planning and running do not block while another process locks the audit log; replies follow when it unlocks")
  func locked() async throws {
    let scene = try ActionScene([try Self.retry()])
    let server = try ActionServer { _ in .answer(200, "") }
    scene.fail("7")
    let wakes = Atomic<Int>(0)
    let actions = BackgroundActions(scene.gate(server)) { wakes.add(1, ordering: .relaxed) }
    actions.begin(.plan(ActionRequest(.retry, scene.subjects(["7"]))))
    #expect(await waitUntil { wakes.load(ordering: .relaxed) == 1 })
    guard case .planned(_, .success(let plan))? = actions.takeReplies().first else {
      Issue.record("there is no plan")
      return
    }
    mkdir("\(scene.directory.path)/state", 0o700)
    let file = open(scene.audit, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    defer { close(file) }
    try #require(flock(file, LOCK_EX) == 0)
    // `begin` must not wait for the lock, which is released only below. Otherwise the confirmation would be refused.
    actions.begin(.run(plan, .yes))
    actions.begin(.plan(ActionRequest(.retry, scene.subjects(["7"]))))
    #expect(actions.takeReplies().isEmpty)
    #expect(actions.availability(of: .retry, on: try #require(scene.store.find(id: "7").map { .saga($0) })).isPossible)
    try #require(flock(file, LOCK_UN) == 0)
    #expect(await waitUntil { wakes.load(ordering: .relaxed) == 3 })
    let replies = actions.takeReplies()
    #expect(replies.count == 2)
    #expect(replies.first == .started(plan, nil))
    #expect(actions.takeReplies().isEmpty)
  }
}
