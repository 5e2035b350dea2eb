import Testing

@testable import Configuration

@Suite("Configurations and presets, good and bad")
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

  @Test("a good configuration is read without complaint", arguments: names("valid/configurations"))
  func validConfiguration(_ name: String) throws {
    try Self.read("valid/configurations", name)
  }

  @Test("a good preset is read without complaint", arguments: names("valid/presets"))
  func validPreset(_ name: String) throws {
    try Self.read("valid/presets", name)
  }

  @Test("a bad configuration is told with all its places", arguments: names("invalid/configurations"))
  func invalidConfiguration(_ name: String) throws {
    try expectComplaint("invalid/configurations", name)
  }

  @Test("a bad preset is told with all its places", arguments: names("invalid/presets"))
  func invalidPreset(_ name: String) throws {
    try expectComplaint("invalid/presets", name)
  }

  private func expectComplaint(_ folder: String, _ name: String) throws {
    let expected = try FixtureFiles.text("\(FixtureFiles.folder)/Fixtures/\(folder)/\(name).txt")
    let error = try #require(throws: ConfigurationError.self) { try Self.read(folder, name) }
    #expect("\(error)\n" == expected)
  }

  @Test("no corpus is empty and no expectation is without its file")
  func complete() {
    for folder in ["valid/configurations", "valid/presets"] { #expect(!Self.names(folder).isEmpty) }
    for folder in ["invalid/configurations", "invalid/presets"] {
      let texts = FixtureFiles.names(in: "\(FixtureFiles.folder)/Fixtures/\(folder)", extension: ".txt")
      #expect(!texts.isEmpty)
      #expect(texts == Self.names(folder))
    }
  }
}
