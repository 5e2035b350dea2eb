import TestRandom
import Testing

@testable import Text

@Suite("JSON documents")
struct JSONValueTests {
  @Test(
    "only numbers of RFC 8259 are numbers",
    arguments: [
      ("0", true), ("-0", true), ("10", true), ("1.0", true), ("-1.5e+10", true), ("1E5", true), ("0.0e-0", true),
      ("01", false), ("-01", false), ("+1", false), (".5", false), ("1.", false), ("-", false), ("1e", false),
      ("1e+", false), ("1.e5", false), ("0x10", false), ("1.2.3", false), ("--1", false), ("NaN", false),
      ("Infinity", false), ("00", false), ("1e5.0", false),
    ])
  func numbers(text: String, isNumber: Bool) {
    #expect((JSONValue(Array(text.utf8)) != nil) == isNumber)
    #expect((JSONValue(Array("[\(text)]".utf8)) != nil) == isNumber)
    #expect(JSONValue(Array(text.utf8)) == (isNumber ? .number(text) : nil))
  }

  @Test(
    "strings that start or end with combining characters are read correctly",
    arguments: ["\u{301}", "\u{301}a", "a\u{200d}", "\u{fe0f}x\u{301}", "\u{1f3fd}", "\u{301}\\n"])
  func joined(text: String) throws {
    let value = try #require(JSONValue(Array("\"\(text)\"".utf8)))
    let expected = text.utf8.elementsEqual("\u{301}\\n".utf8) ? "\u{301}\n" : text
    #expect(value.text?.utf8.elementsEqual(expected.utf8) == true)
    let member = try #require(JSONValue(Array("{\"\(text)\":1}".utf8)))
    #expect(member.members?.first?.name.utf8.elementsEqual(expected.utf8) == true)
  }

  @Test(
    "anything but exactly one JSON value is refused",
    arguments: [
      "", " ", "nul", "[1,]", "[,1]", "{\"a\":1,}", "{\"a\"}", "{a:1}", "{\"a\" 1}", "[1 2]", "1 2", "{}{}", "[1", "]",
      "\"a", "\"\\x\"", "\"\\u12\"", "\"a\nb\"", "\"a\tb\"", "\"a\u{0}b\"", "'a'", "{\"a\":\"b\":1}", "[\"a\":1]",
    ])
  func refused(text: String) {
    #expect(JSONValue(Array(text.utf8)) == nil)
  }

  @Test("nesting is limited")
  func deep() {
    func nested(_ depth: Int) -> [UInt8] {
      Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
    }
    #expect(JSONValue(nested(64)) != nil && JSONValue(nested(65)) == nil && JSONValue(nested(1_000_000)) == nil)
  }

  @Test("a written document is read back unchanged", arguments: 0..<200 as Range<UInt64>)
  func roundTrip(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let document = Self.document(&random, depth: 0)
    for escaping in [JSONString.Escaping.minimal, .terminalSafe] {
      for isPretty in [false, true] {
        let text = JSONWriter.write(document, isPretty: isPretty, escaping: escaping)
        #expect(JSONValue(Array(text.utf8)) == document, "seed \(seed): \(text)")
      }
    }
  }

  private static func document(_ random: inout SeededRandom, depth: Int) -> JSONValue {
    switch Int.random(in: 0..<(depth < 4 ? 7 : 5), using: &random) {
    case 0: .null
    case 1: .bool(Bool.random(using: &random))
    case 2: .int(Int64.random(in: .min ... .max, using: &random))
    case 3: .double(Double.random(in: -1e20...1e20, using: &random))
    case 4: .string(text(&random))
    case 5: .array((0..<Int.random(in: 0..<4, using: &random)).map { _ in document(&random, depth: depth + 1) })
    default:
      .object(
        (0..<Int.random(in: 0..<4, using: &random)).map { _ in (text(&random), document(&random, depth: depth + 1)) })
    }
  }

  private static func text(_ random: inout SeededRandom) -> String {
    let scalars: [Unicode.Scalar] = [
      "a", "\"", "\\", "/", "\n", "\u{0}", "\u{7f}", "\u{9b}", "é", "\u{202e}", "\u{e000}", "\u{1f600}", "\u{2028}",
    ]
    var text = String.UnicodeScalarView()
    for _ in 0..<Int.random(in: 0..<8, using: &random) {
      text.append(scalars[Int.random(in: 0..<scalars.count, using: &random)])
    }
    return String(text)
  }

  @Test("text for display contains no terminal commands")
  func terminalSafe() {
    let hostile = "a\u{1b}[2J\u{9b}1m\u{202e}\u{7f}\u{e000}\u{1f600}\n"
    let text = JSONWriter.write(.string(hostile), isPretty: false)
    #expect(text == #""a\u001b[2J\u009b1m\u202e\u007f\ue000"# + "\u{1f600}" + #"\n""#)
    #expect(JSONString.escaped("\u{9b}\u{7f}\r") == "\u{9b}" + #"\u007f\r"#)
  }

  @Test("numbers that JSON cannot represent are null; whole ones have no fraction")
  func writtenNumbers() {
    let document = JSONValue.array([.double(.infinity), .double(.nan), .double(3), .double(0.25), .int(.min)])
    #expect(JSONWriter.write(document, isPretty: false) == "[null,null,3,0.25,-9223372036854775808]")
  }
}

@Suite("Encodings and digests")
struct EncodingTests {
  @Test(
    "Base64 is that of RFC 4648",
    arguments: [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
      ("foobar", "Zm9vYmFy"),
    ])
  func base64(text: String, encoded: String) {
    #expect(Base64.encoded(Array(text.utf8)) == encoded && Base64.decoded(encoded.utf8) == Array(text.utf8))
  }

  @Test(
    "invalid Base64 is refused",
    arguments: ["Zg=", "Z*==", "Zg=a", "Z===", "====", " Zg=", "Zg==\n", "Zm9v\nZg==", "=Zg=", "Zm-_"])
  func damaged(text: String) {
    #expect(Base64.decoded(text.utf8) == nil)
  }

  @Test("any bytes are encoded and decoded back", arguments: 0..<50 as Range<UInt64>)
  func roundTrip(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let bytes = (0..<Int(seed)).map { _ in UInt8.random(in: 0...255, using: &random) }
    #expect(Base64.decoded(Base64.encoded(bytes).utf8) == bytes, "seed \(seed)")
  }

  @Test(
    "digests are those of FIPS 180-4",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ])
  func digest(text: String, digest: String) {
    #expect(SHA256.hex(text) == digest)
  }
}
