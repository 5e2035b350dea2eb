import Collectors
import Core
import TestSupport
import Testing
import Text

@testable import Actions
@testable import Clients

@Suite("Kafka messages")
struct KafkaTests {
  private func scene(_ call: ActionCall, timeout: Duration = .seconds(10)) throws -> ActionScene {
    try ActionScene([
      ActionDefinition(name: .retry, call: call, expectation: .init(within: .milliseconds(50)), timeout: timeout)
    ])
  }

  private func answer(_ record: ActionRecord) -> ActionOutcome? {
    record.stages.map(\.outcome).first { ["accepted", "refused", "unknown"].contains($0.name) }
  }

  @Test("an acknowledged message is accepted and reported with its offset; values are escaped")
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

  @Test("no value leaves its position in a message: key, headers and strings of the value")
  func injection() async throws {
    let cluster = try MockCluster()
    cluster.createTopic("commands")
    let name = "{data.name}"
    let scene = try scene(
      .kafka(
        .init(
          topic: try ActionScene.template("commands", .topic), key: try ActionScene.template(name, .key),
          headers: [.init(name: "n", value: try ActionScene.template("<\(name)>", .header))],
          value: try ActionScene.template(#"{"n": "{data.name}", "v": {data.name}, "i": {orderId}}"#, .json))))
    let gate = scene.gate { $0.kafka.brokers = cluster.brokers }
    for (place, value) in Injection.corpus.enumerated() {
      scene.fail("\(place)", body: "{\"name\":\"\(JSONString.escaped(value))\"}")
      let record = try #require(try await scene.run(gate, ["\(place)"]).first)
      #expect(answer(record) == .accepted("commands/0/\(place)"))
      let sent = try KafkaMessage.read(
        topic: "commands", partition: 0, offset: Int64(place), .init(brokers: cluster.brokers), timeout: .seconds(10))
      #expect(sent.key == Array(value.utf8))
      #expect(sent.headers.map(\.name) == ["n", "idempotency-key"])
      #expect(sent.headers.first?.value == Array("<\(value)>".utf8))
      let body = try #require(JSONNode(sent.value))
      #expect(body.members?.map(\.name) == ["n", "v", "i"])
      #expect(body["n"] == .string(value) && body["v"] == .string(value))
    }
  }

  @Test(
    "a value that is not a valid topic name, or contains a control character, excludes the saga",
    arguments: Injection.corpus.filter { $0 != ".." } + Injection.controls)
  func topics(value: String) throws {
    let scene = try scene(
      .kafka(
        .init(
          topic: try ActionScene.template("t.{data.name}", .topic), value: try ActionScene.template("{}", .json))))
    scene.fail("7", body: "{\"name\":\"\(JSONString.escaped(value))\"}")
    let planned = scene.gate().plan(ActionRequest(.retry, scene.subjects(["7"])))
    #expect(throws: ActionRefusal.self) { try planned.get() }
  }

  @Test("the step's input is published again unchanged")
  func republished() async throws {
    let cluster = try MockCluster()
    cluster.createTopic("orders")
    let body = #"{"a": "\u00e9"}"#
    try TestProducer(cluster.brokers).write([.init("orders", "another"), .init("orders", body)])
    let scene = try scene(.republish(.stepInput))
    scene.publish("created", "7", body: body)
    scene.publish("failed", "7", body: "{}", topic: "elsewhere")
    let gate = scene.gate { $0.kafka.brokers = cluster.brokers }
    let plan = try scene.plan(gate, "7")
    #expect(plan.request.first == "publish to orders" && plan.request.last == #"{"a": "\u00e9"}"#)
    let record = try #require(try await scene.run(gate, ["7"]).first)
    #expect(answer(record) == .accepted("orders/0/2"))
  }

  @Test("a dead letter is published to its topic unchanged, even if key and headers are longer than the displayed part")
  func redriven() async throws {
    let cluster = try MockCluster()
    for topic in ["orders", "orders.DLT"] { cluster.createTopic(topic) }
    let headers = [("trace", "a\nb  "), ("long", String(repeating: "h", count: 3000)), ("last", "한국어")]
    let key = String(repeating: "k", count: 400)
    try TestProducer(cluster.brokers).write([
      .init("orders.DLT", "another"), .init("orders.DLT", #"{"b": 1}"#, key: key, headers: headers),
    ])
    let scene = try ActionScene([])
    scene.publish("orders.DLT", "7", body: #"{"b": 1}"#, topic: "orders.DLT")
    let redrive = ActionDefinition(name: .redrive, call: .republish(.deadLetter(topic: nil)))
    let gate = scene.gate {
      $0.kafka.brokers = cluster.brokers
      $0.system.actions = [redrive]
    }
    func run(offset: Int64) async throws -> ActionRecord? {
      let subject = ActionSubject.deadLetter(topic: "orders.DLT", partition: 0, offset: offset)
      let plan = try gate.plan(ActionRequest(.redrive, .subjects([subject]))).get()
      #expect(gate.run(plan, answer: .yes) == nil)
      return try await scene.outcomes(gate, plan).first
    }
    let record = try #require(try await run(offset: 1))
    #expect(record.outcome == .accepted("orders/0/0"))
    let sent = try KafkaMessage.read(
      topic: "orders", partition: 0, offset: 0, .init(brokers: cluster.brokers), timeout: .seconds(10))
    #expect(sent.key == Array(key.utf8) && sent.value == Array(#"{"b": 1}"#.utf8))
    let expected = headers + [("idempotency-key", record.idempotencyKey)]
    #expect(sent.headers == expected.map { .init(name: $0.0, value: Array($0.1.utf8)) })

    // The offset now has another message, so nothing is sent.
    scene.publish("orders.DLT", "8", body: "{}", topic: "orders.DLT")
    let other = try #require(try await run(offset: 2))
    #expect(other.outcome.name == "refused" && other.outcome.detail?.hasPrefix("not sent: ") == true)
  }

  @Test(
    "a possibly written message is unknown and keeps its key; a certainly unwritten one is refused",
    arguments: [(MockCluster.requestTimedOut, "unknown"), (MockCluster.topicAuthorizationFailed, "refused")])
  func unsure(error: Int32, outcome: String) async throws {
    let cluster = try MockCluster()
    cluster.createTopic("commands")
    cluster.refuse(.produce, with: error, times: 1000)
    let scene = try scene(
      .kafka(.init(topic: try ActionScene.template("commands", .topic), value: try ActionScene.template("{}", .json))),
      timeout: outcome == "unknown" ? .seconds(3) : .seconds(60))
    scene.fail("7")
    let gate = scene.gate { $0.kafka.brokers = cluster.brokers }
    let record = try #require(try await scene.run(gate, ["7"]).first)
    #expect(record.outcome.name == outcome, "\(record.outcome)")
    let next = try scene.plan(gate, "7").items[0].idempotencyKey
    #expect((next == record.idempotencyKey) == (outcome == "unknown"))
  }

  @Test("nothing is sent without a broker, and a missing topic is not created")
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

  @Test("dead letters are redriven by filter; the plan names the consumers, and already redriven ones are excluded")
  func redrivenByFilter() async throws {
    let cluster = try MockCluster()
    for topic in ["orders", "orders.DLT"] { cluster.createTopic(topic) }
    let bodies = (0..<3).map { "{\"b\": \($0)}" }
    try TestProducer(cluster.brokers).write(([#"{"first": 1}"#] + bodies).map { .init("orders.DLT", $0) })
    let scene = try ActionScene([ActionDefinition(name: .redrive, call: .republish(.deadLetter(topic: nil)))])
    for (place, body) in bodies.enumerated() {
      scene.publish("orders.DLT", "\(place)", body: body, topic: "orders.DLT")
    }
    scene.publish("created", "9", topic: "orders")
    let symbol = scene.symbols.symbol("orders")
    scene.store.accept(
      LagSample(
        time: SystemClock.now(),
        groups: ["payment", "billing"].map { .init(name: $0, commits: [.init(topic: symbol, partition: 0, offset: 1)]) }
      ))
    let gate = scene.gate { $0.kafka.brokers = cluster.brokers }
    var wish = ActionRequest(.redrive, .filter(try Filter(parsing: "topic:orders", for: EventRow.vocabulary)))
    let plan = try gate.plan(wish).get()
    #expect(Set(plan.items.map(\.id)) == ["orders.DLT/0/1", "orders.DLT/0/2", "orders.DLT/0/3"])
    #expect(plan.facts == ["orders is read by billing, payment: each of them reads the message again"])
    #expect(gate.run(plan, answer: .yes) == nil)
    #expect(try await scene.outcomes(gate, plan).count { $0.outcome.name == "accepted" } == 3)
    let refusal = try #require(throws: ActionRefusal.self) { try gate.plan(wish).get() }
    #expect(refusal.exclusions.count == 3 && refusal.exclusions.allSatisfy { $0.insist == .again })
    #expect(refusal.exclusions[0].reason.hasPrefix("alice@here had it redriven "))
    wish.again = true
    #expect(try gate.plan(wish).get().confirmation.typed == "again")
  }
}
