import TestRandom
import Testing

@testable import TUI

@Suite("Frames")
struct FrameTests {
  private func frame(_ columns: Int, _ rows: Int = 1) -> Frame { Frame(size: Size(columns: columns, rows: rows)) }

  @Test(
    "text is clipped at the frame's edges, never within a wide character",
    arguments: [
      ("abcdef", 0, "abcdef  "), ("abcdef", 5, "     abc"), ("abcdef", -2, "cdef    "), ("한국어", 5, "     한 "),
      ("한국어", -1, " 국어   "),
      ("e\u{301}x", 7, "       e\u{301}"), ("\u{301}x", 0, "x       "), ("x", 8, "        "), ("x", .max, "        "),
    ])
  func clipped(text: String, x: Int, row: String) {
    var frame = frame(8)
    frame.put(text, x: x, y: 0)
    #expect(Array(frame.textRows[0].unicodeScalars) == Array(row.unicodeScalars))
  }

  @Test("rows outside the frame are not drawn", arguments: [-1, 1, .min, .max])
  func outside(y: Int) {
    var frame = frame(4)
    #expect(frame.put("abc", x: 0, y: y) == 0)
    frame.fill(Rect(x: 0, y: y, width: 4, height: 1), with: "x")
    #expect(frame.textRows == ["    "])
  }

  @Test("right-aligned text is truncated with an ellipsis, and the used columns are returned")
  func aligned() {
    var frame = frame(10, 3)
    #expect(frame.put("42", x: 2, y: 0, width: 5, align: .right) == 2)
    #expect(frame.put("payment-completed", x: 0, y: 1, width: 8, ellipsis: "…") == 8)
    #expect(frame.put("한국어", x: 0, y: 2, width: 4, align: .right, ellipsis: "…") == 3)
    #expect(frame.textRows == ["     42   ", "payment…  ", " 한…      "])
  }

  @Test(
    "the remaining half of an overwritten wide character becomes a blank",
    arguments: [(0, "x 국  "), (1, " x국  "), (2, "한x   ")])
  func halves(x: Int, row: String) {
    var frame = frame(6)
    frame.put("한국", x: 0, y: 0)
    frame.put("x", x: x, y: 0)
    #expect(frame.textRows == [row])
  }

  @Test("text omits trailing blanks of rows")
  func text() {
    var frame = frame(6, 2)
    frame.put(" a b", x: 0, y: 0)
    #expect(frame.text == " a b\n\n")
  }

  @Test(
    "for any drawing, wide characters keep both halves and rows their columns", arguments: 0..<100 as Range<UInt64>)
  func whole(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let frame = RandomFrame.frame(&random)
    for y in 0..<frame.size.rows {
      var x = 0
      while x < frame.size.columns {
        let cell = frame[x, y]
        #expect(cell.width == 1 || cell.width == 2, "seed \(seed)")
        if cell.width == 2 { #expect(x + 1 < frame.size.columns && frame[x + 1, y].isContinuation, "seed \(seed)") }
        let scalars = frame.scalars(of: cell)
        #expect(!scalars.isEmpty && scalars.count <= Frame.maxClusterLength, "seed \(seed)")
        #expect(scalars.reduce(0) { $0 + TextWidth.columns(of: $1) } == Int(cell.width), "seed \(seed)")
        x += max(1, Int(cell.width))
      }
    }
  }

  @Test("an overlay keeps the characters and may extend beyond the frame")
  func overlays() {
    var frame = frame(4, 2)
    frame.put("abcd", x: 0, y: 0)
    frame.emphasize(Rect(x: -3, y: -1, width: 5, height: 2), .selected)
    frame.recolor(Rect(x: 3, y: 0, width: 9, height: 9), to: .failed)
    #expect(frame.textRows == ["abcd", "    "])
    #expect(frame.cells.map(\.emphasis) == [.selected, .selected, [], [], [], [], [], []])
    #expect(frame.cells.map(\.role) == [.text, .text, .text, .failed, .text, .text, .text, .failed])
  }

  @Test("rectangles are split at both ends and never exceed their rows")
  func rectangles() {
    var rect = Rect(x: 1, y: 2, width: 10, height: 5)
    #expect(rect.takeTop(2) == Rect(x: 1, y: 2, width: 10, height: 2))
    #expect(rect.takeBottom(1) == Rect(x: 1, y: 6, width: 10, height: 1))
    #expect(rect.takeTop(9) == Rect(x: 1, y: 4, width: 10, height: 2))
    #expect(rect.isEmpty && rect.takeBottom(-1).isEmpty)
    #expect(Rect(x: 0, y: 0, width: 3, height: 3).inset(x: 2, y: 1) == Rect(x: 2, y: 1, width: 0, height: 1))
  }
}
