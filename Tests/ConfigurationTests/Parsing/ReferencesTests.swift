import Testing

@testable import Configuration

@Suite("References in a configuration")
struct ReferencesTests {
  private let environment = ["USER_NAME": "ada", "EMPTY": "", "NESTED": "${env:USER_NAME}"]

  private func resolve(_ text: String, in directory: String = "") throws -> References.Resolved? {
    try References(environment: environment, directory: directory).resolve(text).get()
  }

  @Test(
    "environment variables are expanded once, at any position",
    arguments: [
      ("plain", "plain", []), ("${env:USER_NAME}", "ada", ["ada"]),
      ("<${env:USER_NAME}|${env:EMPTY}>", "<ada|>", ["ada", ""]),
      ("${env:NESTED}", "${env:USER_NAME}", ["${env:USER_NAME}"]), ("$5 {x} }", "$5 {x} }", []),
    ] as [(String, String, [String])])
  func environment(text: String, resolved: String, values: [String]) throws {
    #expect(try resolve(text) == .init(text: resolved, values: values))
  }

  @Test("a file's text is inserted without its final newline; paths are relative to the configuration")
  func file() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("two\nlines\n", to: "secrets/password")
    #expect(try resolve("${file:secrets/password}", in: folder.path)?.text == "two\nlines")
    #expect(try resolve("${file:\(path)}", in: "/elsewhere")?.text == "two\nlines")
  }

  @Test("`~/` is the home directory")
  func home() throws {
    let folder = try TemporaryFolder()
    try folder.write("word", to: "password")
    let references = References(environment: ["HOME": folder.path], directory: "/elsewhere")
    #expect(try references.resolve("${file:~/password}").get()?.text == "word")
  }

  @Test(
    "an unresolved reference is reported with its name",
    arguments: [
      ("${env:NOT_SET}", "the environment variable NOT_SET is not set"), ("${file:/not/there}", "/not/there: No such"),
      ("${file:/dev/zero}", "/dev/zero: larger than"), ("${env:", "without `}`"), ("${USER_NAME}", "${env:NAME}"),
      ("${env:}", "${env:NAME}"), ("${vault:x}", "found `${vault:x}`"),
    ])
  func missing(text: String, message: String) throws {
    let error = try #require(throws: References.Missing.self) { try resolve(text) }
    #expect(error.message.contains(message))
  }

  @Test("without resolving, nothing is read, but invalid references are reported")
  func unresolved() throws {
    let references = References(environment: environment, directory: "").unresolved
    #expect(try references.resolve("plain").get()?.text == "plain")
    #expect(try references.resolve("x${env:NOT_SET}").get() == nil)
    #expect(throws: References.Missing.self) { try references.resolve("${vault:x}").get() }
  }
}
