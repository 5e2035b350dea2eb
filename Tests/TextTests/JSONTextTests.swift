import TestRandom
import Testing

@testable import Text

@Suite("JSON formatted for display")
struct JSONTextTests {
  private func layout(_ text: String, maxLines: Int = 2000) -> [String]? {
    JSONText(Array(text.utf8), maxLines: maxLines)?.lines.map {
      String(repeating: "  ", count: $0.depth) + $0.text
    }
  }

  @Test(
    "one value per line, with unchanged texts and numbers",
    arguments: [
      (#"{"a":1}"#, ["{", #"  "a": 1"#, "}"]),
      ("{}", ["{}"]), ("[]", ["[]"]), ("  [ ]  ", ["[]"]),
      (#"[1,2]"#, ["[", "  1,", "  2", "]"]),
      (#"{"a":[],"b":{}}"#, ["{", #"  "a": [],"#, #"  "b": {}"#, "}"]),
      (#"{"n":12345678901234567890.10e+5}"#, ["{", #"  "n": 12345678901234567890.10e+5"#, "}"]),
      (#"{"s":"a\"b,}]\\"}"#, ["{", #"  "s": "a\"b,}]\\""#, "}"]),
      (#"[{"a":true},null]"#, ["[", "  {", #"    "a": true"#, "  },", "  null", "]"]),
    ])
  func layout(text: String, lines: [String]) {
    #expect(layout(text) == lines)
  }

  @Test(
    "invalid JSON is formatted as far as possible",
    arguments: [
      (#"{"a": 1, "b": "xy"#, ["{", #"  "a": 1,"#, #"  "b": "xy"#]),
      (#"{"a": [1, 2"#, ["{", #"  "a": ["#, "    1,", "    2"]),
      (#"{"a": nope}"#, ["{", #"  "a": nope"#, "}"]),
      ("{]}", ["{]}"]), ("[1]]", ["[", "  1", "]]"]), (#"{"a\"#, ["{", #"  "a\"#]), ("{", ["{"]),
    ])
  func tolerant(text: String, lines: [String]) {
    #expect(layout(text) == lines)
  }

  @Test("only objects and arrays are formatted", arguments: ["", "   ", "abc", "12", "\u{0}{"])
  func others(text: String) {
    #expect(layout(text) == nil)
  }

  @Test("a line that opens a container knows the number of lines in it")
  func bodies() throws {
    let json = try #require(JSONText(Array(#"{"a":[1,2],"b":{"c":{}}}"#.utf8)))
    #expect(json.lines.map(\.bodyCount) == [8, 3, 0, 0, 0, 2, 0, 0, 0])
  }

  @Test("an unclosed container extends to the end")
  func unclosed() throws {
    let json = try #require(JSONText(Array(#"{"a":[1,2"#.utf8)))
    #expect(json.lines.map(\.bodyCount) == [3, 2, 0, 0])
  }

  @Test("the number of lines is limited")
  func bounded() throws {
    let text = "[" + String(repeating: "1,", count: 5000)
    let json = try #require(JSONText(Array(text.utf8), maxLines: 100))
    #expect(json.lines.count == 100)
    #expect(json.isCut)
    let deep = try #require(JSONText(Array(repeating: UInt8(ascii: "["), count: 100_000), maxLines: 50))
    #expect(deep.lines.count == 50)
  }

  @Test("binary data is handled", arguments: 0..<50 as Range<UInt64>)
  func garbage(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let alphabet = Array(#"{}[]:,"\ 1a"#.utf8) + [0x80, 0xff, 0x0a, 0x00]
    let bytes =
      [UInt8(ascii: "{")] + (0..<300).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &random)] }
    let json = JSONText(bytes, maxLines: 200)
    for (index, line) in (json?.lines ?? []).enumerated() {
      #expect(index + line.bodyCount < (json?.lines.count ?? 0))
    }
  }
}
