import Testing

@testable import Configuration

@Suite("Theme files")
struct ThemeFileTests {
  private func read(_ text: String) throws -> ThemeFile {
    try ThemeFile.read(Array(text.utf8), file: "own.yaml", name: "own")
  }

  @Test("roles keep their order, attributes and positions")
  func roles() throws {
    let theme = try read("text: {}\nfailed: {fg: 167, bold: true}\n")
    #expect(theme.name == "own")
    #expect(theme.roles.map(\.name) == ["text", "failed"])
    #expect(theme.roles.map(\.place) == ["own.yaml:1:1", "own.yaml:2:1"])
    #expect(theme.roles[1].attributes.map { "\($0.name)=\($0.value)" } == ["fg=167", "bold=true"])
  }

  @Test("every error is reported with its position")
  func wrong() throws {
    let error = try #require(throws: ConfigurationError.self) { try read("text: bold\nfailed: {fg: [1]}\n") }
    #expect(
      error.problems == [
        "own.yaml:1:7: expected the style of `text` (a mapping), found a text",
        "own.yaml:2:14: `fg`: expected a text, found a list",
      ])
  }

  @Test("an unknown name is reported with the most similar one, and a path must exist")
  func unknown() throws {
    let name = try #require(throws: ConfigurationError.self) { try ThemeFile.load(ThemeSetting("mon")) }
    #expect(name.description.hasPrefix("unknown theme `mon`; did you mean `mono`?"))
    let path = try #require(throws: ConfigurationError.self) { try ThemeFile.load(ThemeSetting("./not-there.yaml")) }
    #expect(path.description == "theme ./not-there.yaml: No such file or directory")
    let placed = try #require(throws: ConfigurationError.self) {
      try ThemeFile.load(ThemeSetting("./not-there.yaml", place: "own.yaml:3:8"))
    }
    #expect(placed.description == "own.yaml:3:8: theme ./not-there.yaml: No such file or directory")
  }
}
