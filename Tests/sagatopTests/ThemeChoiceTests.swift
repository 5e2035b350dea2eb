import Configuration
import Glibc
import Testing

@testable import sagatop

@Suite("Themes")
struct ThemeChoiceTests {
  @Test("a key goes through the shipped themes, from the chosen one on", arguments: ThemeFile.names)
  func shipped(name: String) throws {
    let themes = try ThemeChoice(name)
    let first = themes.current.name
    #expect(first == name)
    #expect(Set([first] + ThemeFile.names.dropFirst().map { _ in themes.next().name }) == Set(ThemeFile.names))
    #expect(themes.next().name == first)
  }

  @Test(
    "a theme that says what there is not is told with its place",
    arguments: [
      ("faild: {bold: true}", "unknown role `faild`; did you mean `failed`?"),
      ("failed: {fg: redd}", "`failed`: `redd` is no colour"), ("failed: {blod: true}", "`failed`: unknown attribute"),
    ])
  func wrong(line: String, complaint: String) throws {
    let path = "/tmp/sagatop-theme-\(getpid())-\(UInt64.random(in: 0...(.max))).yaml"
    try AtomicFile.write("text: {}\n\(line)\n", to: path).get()
    defer { unlink(path) }
    let error = try #require(throws: ConfigurationError.self) { _ = try ThemeChoice(path) }
    #expect(error.description.hasPrefix("\(path):2:1: \(complaint)"))
  }
}
