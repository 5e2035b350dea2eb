import TestRandom
import Testing

@testable import TUI

@Suite("Text from outside")
struct SanitizerTests {
  @Test(
    "terminal commands are made visible instead",
    arguments: [
      ("plain ~ text", "plain ~ text"), ("\u{1b}[31mred", "^[[31mred"), ("\u{1b}]0;title\u{7}", "^[]0;title^G"),
      ("\u{1b}P1$q\u{1b}\\", "^[P1$q^[\\"), ("\u{9b}31m", "\\u{9b}31m"), ("\u{9d}0;x\u{9c}", "\\u{9d}0;x\\u{9c}"),
      ("\u{0}", "^@"), ("\u{7f}", "^?"), ("a\nb", "a^Jb"), ("a\r\nb", "a^M^Jb"), ("a\tb", "a b"), ("\u{8}", "^H"),
      ("\u{85}", "\\u{85}"), ("\u{202e}evil", "\\u{202e}evil"), ("\u{2066}x\u{2069}", "\\u{2066}x\\u{2069}"),
      ("\u{200e}", "\\u{200e}"), ("\u{200b}", "\\u{200b}"), ("\u{feff}", "\\u{feff}"), ("\u{ad}", "\\u{ad}"),
      ("\u{2028}\u{2029}", "\\u{2028}\\u{2029}"), ("\u{e000}", "\\u{e000}"), ("\u{e0041}", "\\u{e0041}"),
      ("\u{ffff}", "\\u{ffff}"), ("a\u{a0}b", "a b"), ("e\u{301}", "e\u{301}"), ("한글 日本", "한글 日本"),
      ("👩\u{200d}🚀", "👩🚀"),
      ("☎\u{fe0f}", "☎"), ("葛\u{e0100}", "葛"), ("🫨", "\\u{1fae8}"), ("\u{fffd}", "\u{fffd}"),
    ])
  func table(text: String, drawn: String) {
    #expect(Array(Sanitizer.sanitized(text).unicodeScalars) == Array(drawn.unicodeScalars))
  }

  @Test("invalid UTF-8 becomes replacement characters")
  func invalid() {
    let bytes: [UInt8] = [0x61, 0xff, 0xc0, 0x80, 0xed, 0xa0, 0x80, 0xf5, 0x62]
    let drawn = Sanitizer.sanitized(String(decoding: bytes, as: UTF8.self))
    #expect(drawn.unicodeScalars.first == "a" && drawn.unicodeScalars.last == "b")
    #expect(drawn.unicodeScalars.dropFirst().dropLast().allSatisfy { $0 == "\u{fffd}" })
  }

  @Test(
    "random bytes and characters put no terminal command into a frame",
    arguments: 0..<100 as Range<UInt64>)
  func random(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var frame = Frame(size: Size(columns: 60, rows: 4))
    for y in 0..<4 { frame.put(RandomText.any(&random), x: Int.random(in: -5..<60, using: &random), y: y) }
    for cell in frame.cells {
      for scalar in frame.scalars(of: cell) {
        let category = scalar.properties.generalCategory
        #expect(
          ![.control, .format, .lineSeparator, .paragraphSeparator, .privateUse].contains(category), "seed \(seed)")
        #expect(scalar.value >= 0x20 && !(0x7f...0x9f).contains(scalar.value), "seed \(seed)")
      }
    }
  }

  @Test("reading stops when no more text is needed")
  func lazy() {
    var seen = 0
    Sanitizer.forEach(
      in: String(repeating: "\u{1b}한x", count: 1000),
      while: { _ in
        seen += 1
        return seen < 4
      })
    #expect(seen == 4)
  }
}
