import Clients
import Core
import TestMessages
import Testing
import Text

@testable import Configuration

@Suite("Inferred systems written as a configuration")
struct InferredTextTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func settings(_ text: String) throws -> Settings {
    var overrides = Overrides()
    overrides.configuration = try folder.write(text, to: "config.yaml")
    return try SettingsResolver(overrides: overrides, environment: [:]).resolve()
  }

  /// Removes deadlines and groups, which are not part of the inferred definition.
  private func bare(_ sagas: [SagaDefinition]) -> [SagaDefinition] {
    sagas.map { saga in
      var saga = saga
      for place in saga.steps.indices {
        saga.steps[place].deadline = nil
        saga.steps[place].group = nil
      }
      return saga
    }
  }

  private static let scenarios: [(String, @Sendable (inout InferenceScenario) -> Void)] = [
    ("shop", { $0.shop(orders: 150) }), ("nest", { $0.nest(sagas: 120) }), ("chat", { $0.chat(requests: 200) }),
    (
      "all",
      {
        $0.shop(orders: 80)
        $0.nest(sagas: 80)
        $0.chat(requests: 120)
      }
    ),
  ]

  /// Flows of three event types. In every third flow the last event is `bad` instead of `good`.
  static let odd: [(String, good: String, bad: String)] = [
    ("an error beside a success", #""JobFinished""#, #""JobFinished","errorMessage":"disk full""#),
    ("a count of errors", #""JobFinished","errorCount":0"#, #""JobFinished","errorCount":2"#),
    ("words that nobody knows", #""JobQuxed""#, #""JobZorged""#),
    ("a step that nothing ends", #""JobStarted""#, #""JobStarted""#),
  ]

  @Test("unusual definitions are read back", arguments: odd)
  func readBackOdd(_ name: String, good: String, bad: String) throws {
    var scenario = InferenceScenario(seed: 1)
    for number in 1...12 {
      for (place, last) in [#""JobQueued""#, #""JobBegun""#, number % 3 == 0 ? bad : good].enumerated() {
        scenario.publish(
          "jobs", key: "", at: InferenceScenario.start + Int64(number * 1000 + place * 10),
          #"{"type":\#(last),"sagaId":"job-\#(number)"}"#)
      }
    }
    let inferred = scenario.inferred()
    #expect(inferred.sagas.count == 1)
    let read = try settings(InferredText.text(inferred, .init(context: "c", brokers: "a:1")))
    #expect(bare(read.system.sagas) == inferred.system.sagas)
  }

  @Test("the text written for foreign systems is valid and has the inferred meaning", arguments: ForeignShape.all)
  func readBackForeign(shape: ForeignShape) throws {
    let set = shape.set
    let inferred = Inference.system(of: set, name: "shape")
    var surroundings = InferredText.Surroundings(context: "c", brokers: "a:1")
    surroundings.profile = MessageProfile(set)
    let text = InferredText.text(inferred, surroundings)
    let read = try settings(text)
    #expect(bare(read.system.sagas) == inferred.system.sagas, "\(text)")
    if !inferred.sagas.isEmpty { #expect(read.system.fields == inferred.system.fields) }
  }

  @Test("the text is valid without any messages")
  func readBackNothing() throws {
    let set = SampleSet()
    var surroundings = InferredText.Surroundings(context: "c", brokers: "a:1")
    surroundings.profile = MessageProfile(set)
    let read = try settings(InferredText.text(Inference.system(of: set, name: "none"), surroundings))
    #expect(read.kafka.brokers == "a:1" && read.system.sagas.isEmpty)
  }

  @Test("a body member that resembles a header is written unambiguously")
  func undoubted() throws {
    let path = FieldSource.path(["headers", "ID"])
    #expect(FieldSourceText.text(path) == "$.headers.ID")
    #expect(try FieldSourceText.parse("$.headers.ID") == path)
  }

  @Test("the text is read back with the inferred meaning", arguments: 0..<4, [3, 8] as [UInt64])
  func readBack(number: Int, seed: UInt64) throws {
    var scenario = InferenceScenario(seed: seed)
    Self.scenarios[number].1(&scenario)
    let inferred = scenario.inferred()
    let groups = ["order-created": ["inventory-service"], "payment-completed": ["a", "delivery"]]
    let text = InferredText.text(inferred, .init(context: "c 1", brokers: "a:9092,b:9093", groups: groups))
    let read = try settings(text)
    #expect(read.context == "c 1" && read.kafka.brokers == "a:9092,b:9093")
    #expect(bare(read.system.sagas) == inferred.system.sagas, "\(text)")
    #expect(read.system.fields == inferred.system.fields)
    let patterns = try read.system.topics.map { try NamePattern($0) }
    for topic in inferred.topics { #expect(patterns.contains { $0.matches(topic.name) }) }
    #expect(
      text == InferredText.text(scenario.inferred(), .init(context: "c 1", brokers: "a:9092,b:9093", groups: groups)))
  }

  @Test("names with any characters are read back unchanged, and no terminal command is written")
  func strangeNames() throws {
    var scenario = InferenceScenario(seed: 1)
    for number in 1...20 {
      let key = "\(number)"
      let time = InferenceScenario.start + Int64(number) * 1000
      for (place, type) in ["\u{1b}[31m\\\"x: #1\u{9b}'-created", "yes", "* &é\u{2028}x: 1\u{202E}-completed"]
        .enumerated()
      {
        let body =
          "{\"type\":\"\(type.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\u{1b}", with: "\\u001b"))\",\"orderId\":\(key)}"
        scenario.publish("topic {1}: #\(place)", key: key, at: time + Int64(place), body)
      }
    }
    let inferred = scenario.inferred()
    let text = InferredText.text(inferred, .init(context: "null", brokers: "a:1", groups: ["topic {1}: #0": ["a\nb"]]))
    #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || (0x7F...0x9F).contains($0.value) })
    #expect(!text.unicodeScalars.contains { (0x2028...0x202E).contains($0.value) }, "libyaml ends a line at U+2028")
    #expect(inferred.sagas.count == 1)
    #expect(bare(try settings(text).system.sagas) == inferred.system.sagas, "\(text)")
  }

  @Test("known Redis servers are written without the password; services are examples")
  func surroundings() throws {
    var keys = KeyFamilies()
    for number in 1...30 { keys.add("order:lock:\(number)") }
    for number in 1...30 { keys.add("user:online:\(number)") }
    keys.add("cart:7", isRedisson: true)
    var scenario = InferenceScenario(seed: 1)
    scenario.shop(orders: 100)
    let redis = try RedisAddress("redis://someone:secret@cache:6380/2")
    let text = InferredText.text(
      scenario.inferred(),
      .init(context: "a", brokers: "k", properties: ["sasl.password"], redis: [redis], keys: keys))
    #expect(!text.contains("secret") && text.contains("sasl.password"))
    let read = try settings(text)
    #expect(read.redis.servers.map(\.name) == ["cache:6380/2"])
    #expect(read.system.locks.map(\.pattern.text) == ["order:lock:{id}", "cart:{id}"])
    #expect(read.system.counts.map(\.text) == ["user:online:{id}"])
    #expect(text.contains("#   payment-service: http://payment-service:8080/health"))
  }

  @Test("if nothing was found, the text contains this and what was read")
  func nothing() {
    var scenario = InferenceScenario(seed: 1)
    for number in 0..<20 { scenario.publish("metrics", key: "", at: Int64(number), "{\"cpu\":\(number)}") }
    let text = InferredText.text(scenario.inferred(), .init(context: "a", brokers: "k"))
    #expect(text.contains("No sagas were found") && text.contains("#   metrics: 20 messages"))
  }
}
