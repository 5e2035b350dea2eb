import Core
import TestSupport
import Testing

@testable import Actions

@Suite("Many actions")
struct ManyTests {
  @Test("a thousand actions are planned, recorded, sent and observed, each exactly once")
  func many() async throws {
    let action = ActionDefinition(
      name: .retry, call: try ActionScene.http(), expectation: .init(events: ["done"], within: .seconds(300)),
      maxBatch: 1000, concurrency: 16, rate: 1000, timeout: .seconds(60))
    let scene = try ActionScene([action])
    let server = try ActionServer { request in
      scene.publish("done", String(request.path.split(separator: "/").last ?? ""))
      return .answer(200, "")
    }
    let ids = (1...1000).map(String.init)
    scene.fail(ids)
    let gate = scene.gate(server)
    let plan = try gate.plan(ActionRequest(.retry, scene.subjects(ids))).get()
    #expect(plan.confirmation == .typeCount(1000) && plan.items.count == 1000)
    #expect(gate.run(plan, answer: .typed("1000")) == nil)
    #expect(await waitUntil(.seconds(300)) { !gate.isUnderWay(plan.intent) })
    #expect(scene.store.actions(of: plan.intent).count { $0.outcome.name == "observed" } == 1000)
    #expect(Set(server.requests.map(\.key)).count == 1000 && server.requests.count == 1000)
    gate.readAudit()
    #expect(
      scene.store.actions(ActionQuery(limit: 1), now: .distantPast).total == 1000
        && scene.store.actions(ActionQuery(limit: 1), now: .distantPast).problem == nil)
  }
}
