import Core
import Testing

@testable import Configuration

@Suite("Precedence of settings")
struct SettingsResolverTests {
  private static let file = """
    currentContext: prod
    contexts:
      prod:
        protected: true
        preset: spring
        since: 1h
        kafka: {brokers: "prod:9092", properties: {client.rack: a}}
      test:
        preset: spring
        kafka: {brokers: "test:9092"}
    theme: mono
    ui: {ascii: true, color: true, mouse: true}
    retention: 2h
    maxSagas: 1000
    maxEventsPerSaga: 50
    payloadMegabytes: 8
    """

  private let folder: TemporaryFolder
  private let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = try folder.write(Self.file, to: "config.yaml")
  }

  private func resolve(
    _ environment: [String: String] = [:], _ change: (inout Overrides) -> Void = { _ in }
  ) throws -> Settings {
    var overrides = Overrides()
    overrides.configuration = path
    change(&overrides)
    return try SettingsResolver(overrides: overrides, environment: environment).resolve()
  }

  @Test("without flags and environment variables, the file and its context are used")
  func file() throws {
    let settings = try resolve()
    #expect(settings.context == "prod")
    #expect(settings.isProtected)
    #expect(!settings.isReadOnly)
    #expect(settings.kafka.brokers == "prod:9092")
    #expect(settings.kafka.properties.map(\.name) == ["client.rack"])
    #expect(settings.since == .last(.seconds(3600)))
    #expect(settings.limits.retention >= .seconds(3600), "what is asked to be read is kept")
    #expect(settings.system.name == "spring")
    #expect(settings.theme == "mono")
    #expect(settings.isASCII == true && settings.hasColor && settings.hasMouse)
    let limits = settings.limits
    #expect(limits.retention == .seconds(7200) && limits.maxSagas == 1000)
    #expect(limits.maxEventsPerSaga == 50 && limits.messageBytes == 8 << 20)
  }

  @Test("environment variables override the file")
  func environment() throws {
    let settings = try resolve([
      "SAGATOP_CONTEXT": "test", "SAGATOP_THEME": "environment-theme", "SAGATOP_READONLY": "1", "NO_COLOR": "1",
    ])
    #expect(settings.context == "test" && settings.kafka.brokers == "test:9092" && !settings.isProtected)
    #expect(settings.theme == "environment-theme" && settings.isReadOnly && !settings.hasColor)
  }

  @Test("a flag overrides the environment")
  func flags() throws {
    let settings = try resolve([
      "SAGATOP_CONTEXT": "test", "SAGATOP_THEME": "environment-theme", "NO_COLOR": "1", "SAGATOP_READONLY": "0",
    ]) {
      $0.context = "prod"
      $0.theme = "flag-theme"
      $0.since = .last(.seconds(60))
      $0.hasColor = true
      $0.hasMouse = false
      $0.isASCII = false
      $0.isReadOnly = true
      $0.log = "/tmp/log"
    }
    #expect(settings.context == "prod" && settings.theme == "flag-theme" && settings.since == .last(.seconds(60)))
    #expect(settings.hasColor && !settings.hasMouse && settings.isASCII == false)
    #expect(settings.isReadOnly && settings.log == "/tmp/log")
  }

  @Test(
    "an empty variable is ignored, and `no` means false",
    arguments: [("", false), ("0", false), ("no", false), ("False", false), ("off", false), ("1", true), ("yes", true)])
  func readOnly(value: String, isReadOnly: Bool) throws {
    let settings = try resolve(["SAGATOP_READONLY": value, "SAGATOP_THEME": "", "NO_COLOR": "", "SAGATOP_CONTEXT": ""])
    #expect(settings.isReadOnly == isReadOnly)
    #expect(settings.theme == "mono" && settings.hasColor && settings.context == "prod")
  }

  @Test("with brokers from a flag, nothing of the current context is used")
  func brokersAlone() throws {
    let settings = try resolve {
      $0.brokers = " one:9092 , two "
      $0.preset = "spring"
    }
    #expect(settings.kafka.brokers == "one:9092,two" && settings.context == "one:9092,two")
    #expect(settings.kafka.properties.isEmpty && !settings.isProtected && settings.since == .usual)
    #expect(settings.theme == "mono")
  }

  @Test("without brokers the error lists three ways to start, not as problems")
  func beginnings() throws {
    var overrides = Overrides()
    overrides.preset = "spring"
    let resolver = SettingsResolver(overrides: overrides, environment: ["HOME": "/not/there"])
    let error = try #require(throws: ConfigurationError.self) { try resolver.resolve() }
    #expect(error.problems.count == 2)
    #expect(error.hints.count == 4 && error.description.hasSuffix(error.hints.joined(separator: "\n")))
  }

  @Test("brokers from a flag replace those of an explicitly selected context")
  func brokersOfContext() throws {
    let settings = try resolve {
      $0.brokers = "tunnel:9092"
      $0.context = "prod"
    }
    #expect(settings.kafka.brokers == "tunnel:9092" && settings.context == "prod" && settings.isProtected)
    #expect(settings.kafka.properties.map(\.name) == ["client.rack"])
  }

  @Test("the configuration file is that of the flag, SAGATOP_CONFIG, XDG_CONFIG_HOME or HOME, in this order")
  func places() throws {
    func file(_ brokers: String) -> String {
      "contexts: {only: {preset: spring, kafka: {brokers: '\(brokers)'}}}"
    }
    let variable = try folder.write(file("variable"), to: "variable.yaml")
    try folder.write(file("xdg"), to: "xdg/sagatop/config.yaml")
    try folder.write(file("home"), to: "home/.config/sagatop/config.yaml")
    var environment = ["HOME": "\(folder.path)/home"]
    func brokers(_ flag: String? = nil) throws -> String {
      try resolve(environment) { $0.configuration = flag }.kafka.brokers
    }
    #expect(try brokers() == "home")
    environment["XDG_CONFIG_HOME"] = "relative/is/ignored"
    #expect(try brokers() == "home")
    environment["XDG_CONFIG_HOME"] = "\(folder.path)/xdg"
    #expect(try brokers() == "xdg")
    environment["SAGATOP_CONFIG"] = variable
    #expect(try brokers() == "variable")
    #expect(try brokers(path) == "prod:9092")
  }

  @Test("an explicitly named file must exist")
  func namedFile() throws {
    let flag = try #require(throws: ConfigurationError.self) { try resolve { $0.configuration = "/not/there.yaml" } }
    #expect(flag.problems == ["--config: /not/there.yaml: No such file or directory"])
    let variable = try #require(throws: ConfigurationError.self) {
      try resolve(["SAGATOP_CONFIG": "/not/there.yaml"]) { $0.configuration = nil }
    }
    #expect(variable.problems == ["SAGATOP_CONFIG: /not/there.yaml: No such file or directory"])
  }
}
