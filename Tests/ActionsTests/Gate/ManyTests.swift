import Core
import TestSupport
import Testing

@testable import Actions

@Suite("Thousands at once")
struct ManyTests {
  @Test("five thousand are planned, written down, sent and observed, each once")
  func many() async throws {
    let action = ActionDefinition(
      name: .retry, call: try ActionScene.http(), expectation: .init(events: ["done"], within: .seconds(300)),
      maxBatch: 5000, concurrency: 16, rate: 1000, timeout: .seconds(60))
    let scene = try ActionScene([action])
    let server = try ActionServer { request in
      scene.publish("done", String(request.path.split(separator: "/").last ?? ""))
      return .answer(200, "")
    }
    let ids = (1...5000).map(String.init)
    scene.fail(ids)
    let gate = scene.gate(server)
    let plan = try gate.plan(ActionWish(.retry, scene.subjects(ids))).get()
    #expect(plan.confirmation == .typeCount(5000) && plan.items.count == 5000)
    #expect(gate.run(plan, answer: .typed("5000")) == nil)
    #expect(await waitUntil(.seconds(300)) { !gate.isUnderWay(plan.intent) })
    #expect(scene.store.actions(of: plan.intent).count { $0.outcome.name == "observed" } == 5000)
    #expect(Set(server.requests.map(\.key)).count == 5000 && server.requests.count == 5000)
    gate.readAudit()
    #expect(scene.store.actions(limit: 1).total == 5000 && scene.store.actions(limit: 1).problem == nil)
  }
}
