import Core
import Testing

@testable import Configuration

@Suite("Which system is watched, and as what")
struct SystemChoiceTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func resolve(
    _ text: String, environment: [String: String] = [:], _ change: (inout Overrides) -> Void = { _ in }
  ) throws -> Settings {
    var overrides = Overrides()
    overrides.configuration = try folder.write(text, to: "config.yaml")
    change(&overrides)
    return try SettingsResolver(overrides: overrides, environment: environment).resolve()
  }

  @Test("which consumer groups are looked at, and how often; without a word all, and as often as the collector decides")
  func groups() throws {
    let text = """
      contexts:
        some: {kafka: {brokers: a, groups: ["order-*", audit], lagInterval: 5s,
          allowedLag: {audit: {messages: 7}, "*": {age: 10s}}}, preset: spring}
        all: {kafka: {brokers: a}, preset: spring}
      """
    let some = try resolve(text) { $0.context = "some" }.kafka
    #expect(some.groups == ["order-*", "audit"] && some.lagInterval == .seconds(5))
    #expect(some.allowedLag.map(\.allowance) == [.init(messages: 7), .init(age: .seconds(10))])
    #expect(some.allowedLag[0].pattern.matches("audit") && some.allowedLag[1].pattern.matches("anything"))
    let all = try resolve(text) { $0.context = "all" }.kafka
    #expect(all.groups.isEmpty && all.lagInterval == nil)
  }

  @Test("a context's own topics, fields and sagas take the place of the preset's, and the rest of it stays")
  func overPreset() throws {
    let settings = try resolve(
      """
      contexts:
        shop:
          preset: spring
          kafka: {brokers: a, topics: ["shop-*"]}
          fields: {node: "header:pod"}
          sagas:
            order: {ids: {id: orderId}, events: {paid: {completes: pay, ends: completed}}}
            refund: {ids: {id: refundId}, events: {refunded: {completes: refund, ends: completed}}}
      """)
    let preset = try Presets.load("spring", environment: [:])
    #expect(settings.system.topics == ["shop-*"])
    #expect(settings.system.fields.node == [.header("pod")])
    #expect(settings.system.fields.time == preset.fields.time)
    #expect(settings.system.sagas.map(\.type) == ["order", "refund"])
    #expect(settings.system.sagas[0].steps.map(\.name) == ["pay"])
  }

  @Test("--preset takes the place of the context's preset")
  func presetFlag() throws {
    let preset = try folder.write(
      "{name: mine, topics: mine, sagas: {s: {ids: {id: id}, events: {e: {ends: completed}}}}}", to: "mine.yaml")
    let settings = try resolve("contexts: {a: {preset: spring, kafka: {brokers: a}}}") { $0.preset = preset }
    #expect(settings.system.topics == ["mine"])
  }

  @Test("a preset and a theme that are files are looked for beside the configuration")
  func relativePaths() throws {
    try folder.write(
      "{topics: mine, sagas: {s: {ids: {id: id}, events: {e: {ends: completed}}}}}", to: "presets/mine.yaml")
    let settings = try resolve(
      "{contexts: {a: {preset: presets/mine.yaml, kafka: {brokers: a}}}, theme: ./own.yaml}")
    #expect(settings.system.topics == ["mine"])
    #expect(settings.theme == "\(folder.path)/./own.yaml")
  }

  @Test("the chosen context's secrets are resolved and known; the others' are not looked at")
  func secrets() throws {
    let text = """
      contexts:
        here:
          preset: spring
          kafka:
            brokers: a
            properties:
              security.protocol: SASL_SSL
              sasl.username: ${env:NAME}
              sasl.password: written-out
              client.rack: rack ${env:RACK}
        there:
          preset: spring
          kafka: {brokers: b, properties: {sasl.password: "${env:OTHER}"}}
      """
    let environment = ["NAME": "user-name", "RACK": "rack-seven", "SAGATOP_CONTEXT": "here"]
    let settings = try resolve(text, environment: environment)
    #expect(settings.kafka.properties.map(\.value) == ["SASL_SSL", "user-name", "written-out", "rack rack-seven"])
    #expect(
      settings.secrets.mask("SASL_SSL user-name written-out in rack rack-seven")
        == "SASL_SSL *** *** in rack ***")
    let error = try #require(throws: ConfigurationError.self) { try resolve(text) { $0.context = "there" } }
    #expect(error.problems.count == 1)
    #expect(error.description.hasSuffix("`sasl.password`: the environment variable OTHER is not set"))
  }

  @Test("no error quotes what a reference stands for")
  func errorsHoldNoSecrets() throws {
    let text = """
      contexts:
        a:
          preset: spring
          protected: ${env:WORD}
          since: ${env:WORD}
          kafka: {brokers: a, properties: {sasl.password: "${env:WORD}", group.id: "${env:WORD}"}}
      """
    let error = try #require(throws: ConfigurationError.self) {
      try resolve(text, environment: ["WORD": "s3cret-word"])
    }
    #expect(error.problems.count == 3)
    #expect(!error.description.contains("s3cret-word"))
  }

  @Test(
    "a context that is not there is told with the nearest one",
    arguments: [("porduction", "did you mean `production`?"), ("zzz", "known: production, test")])
  func unknownContext(name: String, hint: String) throws {
    let text = """
      currentContext: test
      contexts:
        production: {preset: spring, kafka: {brokers: a}}
        test: {preset: spring, kafka: {brokers: b}}
      """
    let error = try #require(throws: ConfigurationError.self) { try resolve(text) { $0.context = name } }
    #expect(error.description.contains("no context `\(name)`; \(hint)"))
  }

  @Test("what is missing is said together with how to give it")
  func missing() throws {
    let noContexts = try #require(throws: ConfigurationError.self) { try resolve("theme: mono") }
    #expect(noContexts.description.contains("config.yaml has no contexts."))
    #expect(noContexts.description.contains("sagatop --brokers HOST:9092 --preset spring"))
    let noSystem = try #require(throws: ConfigurationError.self) { try resolve("contexts: {a: {kafka: {brokers: a}}}") }
    #expect(noSystem.description.contains("the context `a`: nothing says what the topics mean."))
    let brokers = try #require(throws: ConfigurationError.self) { try resolve("theme: mono") { $0.brokers = "a:b" } }
    #expect(brokers.description.hasPrefix("--brokers: expected addresses"))
    let preset = try #require(throws: ConfigurationError.self) {
      try resolve("contexts: {a: {preset: sprnig, kafka: {brokers: a}}}")
    }
    #expect(preset.description.contains("unknown preset `sprnig`; did you mean `spring`?"))
  }
}
