import Testing

@testable import Configuration

@Suite("Valid and invalid configurations and presets")
struct CorpusTests {
  static let environment = ["KAFKA_PASSWORD": "s3cret-word", "HOME": "/home/operator"]

  private static func names(_ folder: String) -> [String] {
    FixtureFiles.names(in: "\(FixtureFiles.folder)/Fixtures/\(folder)", extension: ".yaml")
  }

  private static func read(_ folder: String, _ name: String) throws {
    let bytes = try FixtureFiles.bytes("\(FixtureFiles.folder)/Fixtures/\(folder)/\(name).yaml")
    if folder.hasSuffix("presets") {
      _ = try Presets.read(bytes, file: "\(name).yaml", environment: environment)
    } else {
      _ = try ConfigurationFile(bytes, path: "\(name).yaml", choice: .current, environment: environment)
    }
  }

  @Test("a valid configuration is read without messages", arguments: names("valid/configurations"))
  func validConfiguration(_ name: String) throws {
    try Self.read("valid/configurations", name)
  }

  @Test("a valid preset is read without messages", arguments: names("valid/presets"))
  func validPreset(_ name: String) throws {
    try Self.read("valid/presets", name)
  }

  @Test("an invalid configuration is reported with all positions", arguments: names("invalid/configurations"))
  func invalidConfiguration(_ name: String) throws {
    try expectComplaint("invalid/configurations", name)
  }

  @Test("an invalid preset is reported with all positions", arguments: names("invalid/presets"))
  func invalidPreset(_ name: String) throws {
    try expectComplaint("invalid/presets", name)
  }

  private func expectComplaint(_ folder: String, _ name: String) throws {
    let expected = try FixtureFiles.text("\(FixtureFiles.folder)/Fixtures/\(folder)/\(name).txt")
    let error = try #require(throws: ConfigurationError.self) { try Self.read(folder, name) }
    #expect("\(error)\n" == expected)
  }

  @Test("a probable mistake is reported with its position", arguments: names("doubtful"))
  func doubtful(_ name: String) throws {
    let folder = "\(FixtureFiles.folder)/Fixtures/doubtful"
    let file = try ConfigurationFile(
      FixtureFiles.bytes("\(folder)/\(name).yaml"), path: "\(name).yaml", choice: .current, environment: [:])
    #expect(file.warnings.joined(separator: "\n") + "\n" == (try FixtureFiles.text("\(folder)/\(name).txt")))
  }

  @Test("sixty thousand unknown keys are refused quickly, and a few of them are reported with suggestions")
  func unknownKeys() throws {
    let keys = (0..<60_000).map { "    key\($0): 1\n" }.joined()
    let text = "contexts:\n  a:\n    kafka: {brokers: b}\n    preset: spring\n    servces: {}\n" + keys
    let start = ContinuousClock.now
    let error = try #require(throws: ConfigurationError.self) {
      try ConfigurationFile(Array(text.utf8), path: "f.yaml", choice: .current, environment: [:])
    }
    #expect(ContinuousClock.now - start < .seconds(5))
    #expect(error.problems.count == 21 && error.problems[0].hasSuffix("did you mean `services`?"))
    #expect(error.problems[20] == "f.yaml: and 59981 more")
  }

  /// Invalid texts that exceed a maximum count. They are generated because the files would be long.
  static let excess: [String: String] = {
    func many(_ count: Int, _ item: (Int) -> String) -> String { (0...count).map(item).joined(separator: ", ") }
    let (head, saga) = ("contexts: {a: {kafka: {brokers: b}, ", "ids: {id: id}, events: {e: {ends: completed}}")
    return [
      "apis": head + "apis: {\(many(100) { "a\($0): 'http://a'" })}}}",
      "services": head + "services: {\(many(1000) { "a\($0): 'http://a'" })}}}",
      "instances": head + "services: {s: {instances: [\(many(1000) { "'http://a/\($0)'" })]}}}}",
      "checks": head + "checks: {\(many(200) { "a\($0): stuck" })}}}",
      "locks": head + "locks: [\(many(100) { "a\($0)" })]}}",
      "messages": head + "documents: {d: {url: /d, messages: [\(many(1000) { "{each: a\($0)}" })]}}}}",
      "steps": head + "sagas: {s: {\(saga), steps: [\(many(1000) { "a\($0)" })]}}}}",
      "named steps": head + "sagas: {s: {ids: {id: id}, events: {\(many(1000) { "e\($0): {completes: s\($0)}" })}}}}}",
      "sagas": head + "sagas: {\(many(65_535) { "s\($0): " })}}}",
      "events": head + "sagas: {s: {ids: {id: id}, events: {\(many(65_534) { "e\($0): {}" })}}}}}",
    ]
  }()

  static func complaints(of text: String) -> [String] {
    do throws(ConfigurationError) {
      _ = try ConfigurationFile(Array(text.utf8), path: "excess.yaml", choice: .current, environment: [:])
      return []
    } catch { return error.problems }
  }

  @Test("exceeding a maximum count is an error that contains the maximum", arguments: excess.keys.sorted())
  func tooMuch(_ name: String) throws {
    let complaints = Self.complaints(of: try #require(Self.excess[name]))
    #expect(complaints.contains { $0.contains("at most") || $0.contains("more than") }, "\(complaints.prefix(2))")
  }

  @Test("every message of the configuration reader is in the corpus")
  func everyMessage() throws {
    let told = try ["invalid/configurations", "invalid/presets", "doubtful"].flatMap { folder in
      try FixtureFiles.names(in: "\(FixtureFiles.folder)/Fixtures/\(folder)", extension: ".txt").map {
        try FixtureFiles.text("\(FixtureFiles.folder)/Fixtures/\(folder)/\($0).txt")
      }
    }
    let all = (told + Self.excess.values.flatMap(Self.complaints)).joined(separator: "\n")
    let messages = try Self.sources().flatMap { try MessageTexts.read(FixtureFiles.text($0)) }
    #expect(messages.count > 80)
    let missing = messages.filter { !$0.isFound(in: all) }.map(\.description)
    #expect(missing.isEmpty, "no invalid file gives: \(missing.joined(separator: "\n"))")
  }

  /// Source files that parse configuration files, and the parsers of its syntax in other modules.
  private static func sources() throws -> [String] {
    let sources = "\(FixtureFiles.project)/Sources"
    let parts = FixtureFiles.folders(in: "\(sources)/Configuration").filter { !["Writing", "Resources"].contains($0) }
    let own = parts.flatMap { part in
      FixtureFiles.names(in: "\(sources)/Configuration/\(part)", extension: ".swift")
        .filter { !isOfNoFile.contains($0) }.map { "\(sources)/Configuration/\(part)/\($0).swift" }
    }
    let others = [
      "Core/Locks/LockPattern", "Core/Messages/TimeFormat", "Clients/Redis/RedisAddress", "Text/NamePattern",
    ]
    return own + others.map { "\(sources)/\($0).swift" }
  }

  /// Messages of these files are caused by flags, the environment or several files together. Other suites test them.
  private static let isOfNoFile: Set<String> = [
    "SettingsResolver", "PresetChanges", "Presets", "ThemeFile", "ZoneFile", "TextFile", "YamlParser", "EventNames",
    "ConfigurationTree", "EffectiveConfiguration", "PresetOverlay",
  ]

  @Test("no corpus is empty, and every expectation has an input file")
  func complete() {
    for folder in ["valid/configurations", "valid/presets"] { #expect(!Self.names(folder).isEmpty) }
    for folder in ["invalid/configurations", "invalid/presets", "doubtful"] {
      let texts = FixtureFiles.names(in: "\(FixtureFiles.folder)/Fixtures/\(folder)", extension: ".txt")
      #expect(!texts.isEmpty)
      #expect(texts == Self.names(folder))
    }
  }
}
