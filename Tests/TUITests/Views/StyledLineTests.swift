import Core
import Testing

@testable import TUI

@Suite("Styled lines")
struct StyledLineTests {
  @Test(
    "a too long line is wrapped, never within a wide character",
    arguments: [
      ("abcdef", 4, ["abcd", "  ef"]), ("abcd", 4, ["abcd"]), ("one two three", 9, ["one two ", "  three"]),
      ("", 4, [""]), ("한국어", 4, ["한국", "  어"]),
      ("a한국어", 4, ["a한", "  국", "  어"]), ("a\u{1b}b", 2, ["a^", " [", " b"]),
    ])
  func wraps(text: String, columns: Int, lines: [String]) {
    let wrapped = StyledLine(text).wrapped(columns: columns, indent: 2, maxLines: 100)
    #expect(wrapped.map(\.text) == lines)
    #expect(wrapped.allSatisfy { $0.columns <= columns })
  }

  @Test("a truncated part ends with an ellipsis, also at a border between parts")
  func ellipsis() {
    var line = StyledLine("abc", .text)
    line.add("def", .dim)
    var frame = Frame(size: Size(columns: 3, rows: 1))
    frame.put(line, x: 0, y: 0, width: 3, ellipsis: "…")
    #expect(frame.textRows == ["ab…"])
    var fitting = StyledLine("abc", .text)
    fitting.add("  ")
    frame.put(fitting, x: 0, y: 0, width: 3, ellipsis: "…")
    #expect(frame.textRows == ["abc"])
  }

  @Test("text in a column has exactly the column's width", arguments: [("ab", "ab   "), ("한국어", "한국…"), ("", "     ")])
  func column(text: String, shown: String) {
    var line = StyledLine()
    line.add(text, columns: 5, ellipsis: "…")
    #expect(line.text == shown + " ")
  }

  @Test("a long payload value can be read completely")
  func longValue() {
    var source = Fixture()
    let value = String(repeating: "0123456789", count: 30) + "END"
    let body = Array(#"{"value":"\#(value)"}"#.utf8)
    source.texts[source.latest[0].message] = Message(
      key: [], headers: [], body: body, fullBodyLength: body.count)
    let text = Scene("", [.character("3"), .enter, .end], source: source)
      .frame(size: Size(columns: 60, rows: 12), glyphs: .unicode).text
    #expect(text.contains("END"))
  }
}
