import Core
import Testing

@testable import Configuration

@Suite("Choice of the watched system")
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

  @Test("selection and interval of consumer groups; by default all, with the collector's interval")
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

  @Test("topics and fields of a context replace those of the preset, sagas are added, and the rest is kept")
  func overPreset() throws {
    let settings = try resolve(
      """
      contexts:
        shop:
          preset: spring
          kafka: {brokers: a, topics: ["shop-*"]}
          fields: {node: "header:pod"}
          sagas:
            refund: {ids: {id: refundId}, events: {refunded: {completes: refund, ends: completed}}}
      """)
    let preset = try Presets.load("spring", environment: [:])
    #expect(settings.system.topics == ["shop-*"])
    #expect(settings.system.fields.node == [.header("pod")])
    #expect(settings.system.fields.time == preset.fields.time)
    #expect(settings.system.sagas.map(\.type) == ["order", "refund"])
    #expect(settings.system.sagas[0] == preset.sagas[0])
  }

  /// A preset with everything that a context can override.
  private static let base = """
    name: base
    topics: [orders]
    fields: {type: a, time: {from: b, format: "dd.MM.yyyy", zone: "+01:00"}, id: c, node: d, version: e, envelope: f}
    sagas:
      order:
        ids: {orderId: {from: orderId, ignore: [0]}, cart: cartId}
        error: reason
        steps: [{name: stock, group: stock-v1, is: [reserve]}, {name: payment, deadline: 1s}]
        events:
          created: {starts: true}
          answered: [{when: {ok: true}, completes: payment}, {fails: payment}]
          done: {ends: completed}
        actions: {give-up: {command: [give-up]}}
    """

  private func order(_ change: String) throws -> SagaDefinition {
    try folder.write(Self.base, to: "base.yaml")
    let text = "contexts: {a: {preset: ./base.yaml, kafka: {brokers: a}, sagas: {order: \(change)}}}"
    return try #require(try resolve(text).system.sagas.first)
  }

  @Test("each key of `fields` and of `time` is overridden separately")
  func everyField() throws {
    try folder.write(Self.base, to: "base.yaml")
    let fields = { (text: String) in
      try resolve("contexts: {a: {preset: ./base.yaml, kafka: {brokers: a}, fields: {\(text)}}}").system.fields
    }
    let base = try fields("")
    var expected = base
    let other = [FieldSource.path(["x"])]
    let changes: [(String, WritableKeyPath<EventFields, [FieldSource]>)] = [
      ("type: x", \.type), ("time: x", \.time), ("id: x", \.id), ("node: x", \.node), ("version: x", \.version),
      ("envelope: x", \.envelope), ("trace: x", \.trace),
      ("time: {from: x}", \.time),
    ]
    for (text, path) in changes {
      expected = base
      expected[keyPath: path] = other
      #expect(try fields(text) == expected, "\(text)")
    }
    #expect(try fields("time: {format: yyyyMMdd}").timeFormat == TimeFormat("yyyyMMdd"))
    #expect(try fields("time: {format: yyyyMMdd}").timeZone == base.timeZone)
    #expect(try fields("time: {zone: \"-05:00\"}").timeZone?.offset(at: 0) == -18_000)
    #expect(try fields("time: {zone: \"-05:00\"}").time == base.time)
    let members = Mirror(reflecting: base).children.compactMap(\.label)
    #expect(
      members == ["type", "time", "timeFormat", "timeZone", "id", "node", "version", "envelope", "trace"],
      "a new field is to be merged, and tried here")
  }

  @Test("one part of a preset's saga is overridden, and the rest is kept")
  func onePiece() throws {
    let base = try order("{}")
    var expected = base
    expected.identities[0].sources = [.template([.field(.path(["tenant"])), .text("/"), .field(.path(["orderId"]))])]
    #expect(try order("{ids: {orderId: {from: \"{tenant}/{orderId}\"}}}") == expected)
    expected = base
    expected.identities[0].ignored = ["-"]
    #expect(try order("{ids: {orderId: {ignore: \"-\"}}}") == expected)
    expected = base
    expected.identities.removeLast()
    #expect(try order("{ids: {cart: null}}") == expected)
    expected = base
    expected.steps[1].deadline = .seconds(60)
    #expect(try order("{steps: {payment: {deadline: 1m}}}") == expected)
    expected = base
    expected.steps[0].group = "stock-v2"
    #expect(try order("{steps: {stock: {group: stock-v2}}}") == expected)
    expected = base
    expected.events = [
      base.events[0], EventRule(type: "answered", effects: [.init(.completes, .named("payment"))]), base.events[3],
    ]
    #expect(try order("{events: {answered: {completes: payment}}}") == expected)
    expected = base
    expected.events.append(EventRule(type: "paid", effects: [.init(.completes, .named("stock"))]))
    #expect(try order("{events: {paid: {completes: reserve}}}") == expected)
    expected = base
    expected.events.removeFirst()
    #expect(try order("{events: {created: null}}") == expected)
    expected = base
    expected.coordination = .orchestration
    expected.errorSources = [.path(["why"])]
    expected.compensationDeadline = .seconds(5)
    #expect(try order("{coordination: orchestration, error: why, compensationDeadline: 5s}") == expected)
    #expect(try order("{actions: {retry: {command: [retry]}}}").actions.map(\.name.rawValue) == ["give-up", "retry"])
  }

  @Test(
    "an override without a target is reported with the most similar name",
    arguments: [
      ("sagas: {ordr: {error: x}}", "the preset `base` has no such saga; did you mean `order`?"),
      (
        "sagas: {order: {steps: {paymnt: {deadline: 1s}}}}",
        "`paymnt` is none of the preset's steps; did you mean `payment`?"
      ),
      (
        "sagas: {order: {events: {paid: {completes: paymnt}}}}",
        "`paymnt` is none of the saga's steps; did you mean `payment`?"
      ),
    ])
  func nothingBelow(change: String, message: String) throws {
    try folder.write(Self.base, to: "base.yaml")
    let error = #expect(throws: ConfigurationError.self) {
      try resolve("contexts: {a: {preset: ./base.yaml, kafka: {brokers: a}, \(change)}}")
    }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
  }

  @Test("overrides of a preset are listed, one line for the fields and one per saga")
  func changes() throws {
    try folder.write(Self.base, to: "base.yaml")
    let settings = try resolve(
      """
      contexts:
        a:
          preset: ./base.yaml
          kafka: {brokers: a}
          fields: {time: {zone: "-05:00"}, node: x}
          sagas:
            order: {ids: {cart: null, orderId: x}, steps: {payment: {deadline: 1m}}, events: {paid: {completes: stock}, done: {ends: completed}}}
            trip: {ids: {tripId: tripId}, events: {ended: {ends: completed}}}
      """)
    #expect(
      settings.changes == [
        "the context changes of `fields` of preset base: time.zone, node",
        "the context changes of the saga `order` of preset base: id orderId, id cart, step payment, event paid",
        "the context adds the saga `trip` to preset base",
      ])
    #expect(try resolve("contexts: {a: {preset: ./base.yaml, kafka: {brokers: a}}}").changes.isEmpty)
  }

  @Test("a probable mistake is a warning with its position")
  func warnings() throws {
    let text = """
      contexts:
        a:
          kafka: {brokers: a, topics: [order-created, "{x}"]}
          fields: {type: topic, time: headers.time}
          sagas: {order: {ids: {id: value.id}, events: {order-craeted: {ends: completed}}}}
      """
    let warnings = try resolve(text).warnings.map { $0.replacing("\(folder.path)/", with: "") }
    try #require(warnings.count == 4)
    #expect(warnings[0].hasPrefix("config.yaml:3:49: `topics`: `{x}` is a name and no template"))
    #expect(
      warnings[1].hasPrefix("config.yaml:4:33: `time`: `headers.time` is looked for in a member `headers` of the body"))
    #expect(warnings[2].hasPrefix("config.yaml:5:31: `id`: `value.id`"))
    #expect(
      warnings[3]
        == "the saga `order`: no topic that is read gives an event the name `order-craeted`; did you mean `order-created`?"
    )
  }

  @Test("a rule for a topic is valid, because a template names messages without its other fields by their topic")
  func topicAsType() throws {
    let text = """
      contexts:
        a:
          kafka: {brokers: a, topics: [replies, refunds]}
          fields: {type: "{topic} {status}"}
          sagas: {order: {ids: {id: id}, events: {replies OK: {ends: completed}, refunds: {ends: compensated}}}}
      """
    #expect(try resolve(text).warnings == [])
  }

  @Test("--preset replaces the context's preset")
  func presetFlag() throws {
    let preset = try folder.write(
      "{name: mine, topics: mine, sagas: {s: {ids: {id: id}, events: {e: {ends: completed}}}}}", to: "mine.yaml")
    let settings = try resolve("contexts: {a: {preset: spring, kafka: {brokers: a}}}") { $0.preset = preset }
    #expect(settings.system.topics == ["mine"])
  }

  @Test("a recording names a shipped preset, and never a file to open")
  func recorded() throws {
    #expect(try resolve("{}") { $0.recordedSystem = "nest" }.system.name == "nest")
    let preset = try folder.write(
      "{name: mine, topics: mine, sagas: {s: {ids: {id: id}, events: {e: {ends: completed}}}}}", to: "mine.yaml")
    #expect(throws: ConfigurationError.self) { try resolve("{}") { $0.recordedSystem = preset } }
  }

  @Test("a suggestion is made for a field, but not for the value of a reference, which may be a secret")
  func suggestion() throws {
    func message(_ text: String) throws -> String {
      let error = try #require(throws: ConfigurationError.self) {
        try resolve(
          "contexts: {a: {preset: spring, kafka: {brokers: a}, fields: {type: \"\(text)\"}}}",
          environment: ["WORD": "/hunter2/hunter2"])
      }
      return error.description
    }
    #expect(try message("/data/type").contains("did you mean `data.type`?"))
    #expect(try !message("${env:WORD}").contains("hunter2"))
  }

  @Test("paths of presets and themes are relative to the configuration")
  func relativePaths() throws {
    try folder.write(
      "{topics: mine, sagas: {s: {ids: {id: id}, events: {e: {ends: completed}}}}}", to: "presets/mine.yaml")
    let settings = try resolve(
      "{contexts: {a: {preset: presets/mine.yaml, kafka: {brokers: a}}}, theme: ./own.yaml}")
    #expect(settings.system.topics == ["mine"])
    #expect(settings.theme == "\(folder.path)/./own.yaml")
    #expect(settings.themePlace?.hasSuffix(":1:74") == true, "\(settings.themePlace ?? "")")
  }

  @Test("only the selected context's secrets are resolved")
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

  @Test("no error quotes the value of a reference")
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
    "an unknown context is reported with the most similar name",
    arguments: [("porduction", "did you mean `production`?"), ("zzz", "known: test, production")])
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

  @Test("a missing setting is reported with how to set it")
  func missing() throws {
    let noContexts = try #require(throws: ConfigurationError.self) { try resolve("theme: mono") }
    #expect(noContexts.description.contains("config.yaml has no contexts."))
    #expect(noContexts.description.contains("sagatop --brokers HOST:9092 "))
    #expect(noContexts.description.contains("sagatop init ") && noContexts.description.contains("sagatop-demo"))
    // Without a preset or definition the system is inferred.
    #expect(try resolve("contexts: {a: {kafka: {brokers: a}}}").origin == .none)
    let brokers = try #require(throws: ConfigurationError.self) { try resolve("theme: mono") { $0.brokers = "a:b" } }
    #expect(brokers.description.hasPrefix("--brokers: expected addresses"))
    let preset = try #require(throws: ConfigurationError.self) {
      try resolve("contexts: {a: {preset: sprnig, kafka: {brokers: a}}}")
    }
    #expect(preset.description.contains("unknown preset `sprnig`; did you mean `spring`?"))
  }
}
