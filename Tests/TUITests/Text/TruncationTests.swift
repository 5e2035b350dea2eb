import TestRandom
import Testing

@testable import TUI

@Suite("Truncated text")
struct TruncationTests {
  @Test(
    "text is shortened in the middle, keeps both ends, and no wide character is split",
    arguments: [
      ("7f3a1122334491c2", 9, "7f3a…91c2"), ("7f3a1122334491c2", 10, "7f3a1…91c2"), ("short", 5, "short"),
      ("short", 4, "sh…t"),
      ("short", 2, "s…"), ("short", 1, "…"), ("short", 0, ""), ("short", -3, ""), ("", 0, ""), ("한국어이름", 10, "한국어이름"),
      ("한국어이름", 9, "한국…이름"), ("한국어이름", 8, "한국…름"), ("한국어이름", 2, "…"), ("e\u{301}xxxx", 3, "e\u{301}…x"),
      ("abcde\u{301}", 3, "a…e\u{301}"), ("a\u{1b}[31mb", 20, "a^[[31mb"), ("a\u{1b}\u{1b}\u{1b}b", 5, "a^…[b"),
    ])
  func middle(text: String, columns: Int, shown: String) {
    let short = Truncation.middle(text, columns: columns, ellipsis: "…")
    #expect(Array(short.unicodeScalars) == Array(shown.unicodeScalars))
    #expect(TextWidth.columns(of: short) <= max(0, columns))
  }

  @Test("shortening at the end or in the middle never exceeds the columns", arguments: 0..<100 as Range<UInt64>)
  func random(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    for _ in 0..<20 {
      let text = RandomText.any(&random)
      let columns = Int.random(in: 1...30, using: &random)
      #expect(
        TextWidth.columns(of: Truncation.middle(text, columns: columns, ellipsis: "~")) <= columns, "seed \(seed)")
      let line = TextLine(text, columns: columns, ellipsis: "~")
      #expect(line.columns <= columns, "seed \(seed)")
      #expect(line.columns == line.scalars.reduce(0) { $0 + TextWidth.columns(of: $1) }, "seed \(seed)")
      #expect(line.isCut == (TextWidth.columns(of: text) > columns), "seed \(seed)")
    }
  }

  @Test("an ellipsis replaces the end and fits before a wide character")
  func end() {
    #expect(String(TextLine("한국어", columns: 5, ellipsis: "…").scalars) == "한국…")
    #expect(String(TextLine("한국어", columns: 4, ellipsis: "…").scalars) == "한…")
    #expect(String(TextLine("한국어", columns: 1, ellipsis: "…").scalars) == "…")
    #expect(String(TextLine("한국어", columns: 3, ellipsis: nil).scalars) == "한")
  }

  @Test("the number of combining marks is limited to that of a terminal's cell")
  func marks() {
    let line = TextLine("a" + String(repeating: "\u{301}", count: 100_000) + "b", columns: 9, ellipsis: nil)
    #expect(line.scalars.count == 1 + 4 + 1)
    #expect(line.columns == 2)
  }
}

extension String {
  fileprivate init(_ scalars: [Unicode.Scalar]) {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    self.init(view)
  }
}
