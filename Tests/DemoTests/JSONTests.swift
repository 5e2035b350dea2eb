import Testing

@testable import Demo

@Suite("JSON")
struct JSONTests {
  @Test(
    "written JSON is read back as the same value",
    arguments: [
      JSON.null, .bool(true), .integer(-7), .won(129_000), .string("무선 \"키보드\"\n\u{1B}[31m \\ 🎧"),
      .members(["a": .array([.integer(1), .null]), "b": .members([:])]),
    ])
  func roundTrip(_ value: JSON) {
    #expect(JSONParser.parse(Array(value.text.utf8)) == value)
  }

  @Test("escapes are read", arguments: [(#""\u00e9\ud83c\udfa7\/""#, "é🎧/"), (#""\t\b\f""#, "\t\u{8}\u{C}")])
  func escapes(_ text: String, _ expected: String) {
    #expect(JSONParser.parse(Array(text.utf8)) == .string(expected))
  }

  @Test(
    "anything else is not JSON",
    arguments: [
      "", "{", "{\"a\":}", "[1,]", "{\"a\":1,}", "nul", "+1", ".5", "1 2", "\"\u{1}\"", "\"\\ud800\"", "\"\\u+123\"",
      "<!DOCTYPE html>", String(repeating: "[", count: 100_000),
    ])
  func refusals(_ text: String) {
    #expect(JSONParser.parse(Array(text.utf8)) == nil)
  }

  @Test("invalid UTF-8 is not JSON")
  func invalidText() {
    #expect(JSONParser.parse([0x22, 0xFF, 0x22]) == nil)
  }

  @Test(
    "a whole number is an id, as a number or a string",
    arguments: [JSON.integer(1001), .string("1001"), .number("1001.0"), .number("1.001e3")])
  func ids(_ value: JSON) {
    #expect(value.integerValue == 1001)
  }

  @Test(
    "nothing else is an id",
    arguments: [JSON.number("1e400"), .number("10.5"), .string("order"), .string("nan"), .bool(true), .null])
  func noIds(_ value: JSON) {
    #expect(value.integerValue == nil)
  }
}
