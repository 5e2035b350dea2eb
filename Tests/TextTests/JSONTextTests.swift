import TestRandom
import Testing

@testable import Text

@Suite("JSON laid out for reading")
struct JSONTextTests {
  private func layout(_ text: String, maxLines: Int = 2000) -> [String]? {
    JSONText(Array(text.utf8), maxLines: maxLines)?.lines.map {
      String(repeating: "  ", count: $0.depth) + $0.text
    }
  }

  @Test(
    "one value a line, texts and numbers as they were",
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
    "what is broken is laid out as far as it goes",
    arguments: [
      (#"{"a": 1, "b": "xy"#, ["{", #"  "a": 1,"#, #"  "b": "xy"#]),
      (#"{"a": [1, 2"#, ["{", #"  "a": ["#, "    1,", "    2"]),
      (#"{"a": nope}"#, ["{", #"  "a": nope"#, "}"]),
      ("{]}", ["{]}"]), ("[1]]", ["[", "  1", "]]"]), (#"{"a\"#, ["{", #"  "a\"#]), ("{", ["{"]),
    ])
  func tolerant(text: String, lines: [String]) {
    #expect(layout(text) == lines)
  }

  @Test("what is no object and no array is no JSON to lay out", arguments: ["", "   ", "abc", "12", "\u{0}{"])
  func others(text: String) {
    #expect(layout(text) == nil)
  }

  @Test("a line that opens something knows how many lines that takes")
  func bodies() throws {
    let json = try #require(JSONText(Array(#"{"a":[1,2],"b":{"c":{}}}"#.utf8)))
    #expect(json.lines.map(\.bodyCount) == [8, 3, 0, 0, 0, 2, 0, 0, 0])
  }

  @Test("what was never closed reaches to the end")
  func unclosed() throws {
    let json = try #require(JSONText(Array(#"{"a":[1,2"#.utf8)))
    #expect(json.lines.map(\.bodyCount) == [3, 2, 0, 0])
  }

  @Test("lines are bounded")
  func bounded() throws {
    let text = "[" + String(repeating: "1,", count: 5000)
    let json = try #require(JSONText(Array(text.utf8), maxLines: 100))
    #expect(json.lines.count == 100)
    #expect(json.isCut)
    let deep = try #require(JSONText(Array(repeating: UInt8(ascii: "["), count: 100_000), maxLines: 50))
    #expect(deep.lines.count == 50)
  }

  @Test("bytes that are no text do no harm", arguments: 0..<50 as Range<UInt64>)
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
