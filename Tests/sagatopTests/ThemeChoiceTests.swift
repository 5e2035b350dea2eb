import Configuration
import Glibc
import Testing

@testable import sagatop

@Suite("Themes")
struct ThemeChoiceTests {
  @Test(
    "shipped themes can be selected, and the configured one is shown first", arguments: ThemeFile.names)
  func shipped(name: String) throws {
    let themes = try ThemeChoice(ThemeSetting(name))
    #expect(themes.current.name == name)
    #expect(themes.names == ThemeFile.names)
    #expect(themes.names.map { themes.theme(named: $0).name } == themes.names)
  }

  @Test(
    "an invalid theme is reported with the position",
    arguments: [
      ("faild: {bold: true}", "unknown role `faild`; did you mean `failed`?"),
      ("failed: {fg: redd}", "`failed`: `redd` is no colour"), ("failed: {blod: true}", "`failed`: unknown attribute"),
    ])
  func wrong(line: String, complaint: String) throws {
    let path = "/tmp/sagatop-theme-\(getpid())-\(UInt64.random(in: 0...(.max))).yaml"
    try AtomicFile.write("text: {}\n\(line)\n", to: path).get()
    defer { unlink(path) }
    let error = try #require(throws: ConfigurationError.self) { _ = try ThemeChoice(ThemeSetting(path)) }
    #expect(error.description.hasPrefix("\(path):2:1: \(complaint)"))
  }
}
