import Core
import TestSupport
import Testing

@testable import Actions

@Suite("Messages over Kafka")
struct KafkaTests {
  private func scene(_ call: ActionCall, timeout: Duration = .seconds(10)) throws -> ActionScene {
    try ActionScene([
      ActionDefinition(name: .retry, call: call, expectation: .init(within: .milliseconds(50)), timeout: timeout)
    ])
  }

  private func answer(_ record: ActionRecord) -> ActionOutcome? {
    record.stages.map(\.outcome).first { ["accepted", "refused", "unknown"].contains($0.name) }
  }

  @Test("a message that the broker has is accepted, with the place where it lies; its value stays a value")
  func published() async throws {
    let cluster = try MockCluster()
    cluster.createTopic("commands")
    let call = ActionCall.kafka(
      .init(
        topic: try ActionScene.template("commands", .topic), key: try ActionScene.template("{saga.id}", .key),
        headers: [.init(name: "by", value: try ActionScene.template("{operator}", .header))],
        value: try ActionScene.template(#"{"id": {orderId}, "why": "{reason}"}"#, .json)))
    let scene = try scene(call)
    scene.fail("7")
    let gate = scene.gate { $0.kafka.brokers = cluster.brokers }
    let record = try #require(try await scene.run(gate, ["7"], reason: #"", "id": 8, "x": ""#).first)
    #expect(answer(record) == .accepted("commands/0/0"))
    let plan = try scene.plan(gate, "7", reason: #"", "id": 8, "x": ""#)
    let text = try #require(plan.request.last)
    let body = try #require(JSONNode(Array(text.utf8)))
    #expect(body.members?.map(\.name) == ["id", "why"] && body["id"] == .number("7"))
  }

  @Test("the step's input is published again as it was")
  func republished() async throws {
    let cluster = try MockCluster()
    cluster.createTopic("orders")
    let scene = try scene(.republish(.stepInput))
    scene.publish("created", "7", body: #"{"a": "\u00e9"}"#)
    scene.publish("failed", "7", body: "{}", topic: "elsewhere")
    let gate = scene.gate { $0.kafka.brokers = cluster.brokers }
    let plan = try scene.plan(gate, "7")
    #expect(plan.request.first == "publish to orders" && plan.request.last == #"{"a": "\u00e9"}"#)
    let record = try #require(try await scene.run(gate, ["7"]).first)
    #expect(answer(record) == .accepted("orders/0/0"))
  }

  @Test("without a broker nothing was sent, and a topic that is not there is not made")
  func refused() async throws {
    let scene = try scene(
      .kafka(.init(topic: try ActionScene.template("nowhere", .topic), value: try ActionScene.template("{}", .json))),
      timeout: .seconds(2))
    scene.fail(["1", "2"])
    let gone = try #require(try await scene.run(scene.gate(), ["1"]).first)
    guard case .refused(nil, let message) = gone.outcome else { throw TestFailure("\(gone.outcome)") }
    #expect(message.hasPrefix("not sent: no broker tells its topics"))
    let cluster = try MockCluster()
    cluster.createTopic("commands")
    let record = try #require(try await scene.run(scene.gate { $0.kafka.brokers = cluster.brokers }, ["2"]).first)
    #expect(record.outcome == .refused(status: nil, message: "not sent: there is no topic `nowhere`"))
  }
}
