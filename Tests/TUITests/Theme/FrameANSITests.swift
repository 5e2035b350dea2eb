import TestRandom
import Testing

@testable import TUI

@Suite("Frames as ANSI text")
struct FrameANSITests {
  private func theme() throws -> Theme {
    try Theme(
      name: "test",
      entries: [
        Theme.Entry(role: "failed", attributes: [("fg", "167"), ("bold", "true")]),
        Theme.Entry(role: "ok", attributes: [("fg", "green")]),
        Theme.Entry(role: "badge", attributes: [("bg", "brightBlue")]),
      ])
  }

  @Test("each change of style is one code, and each row ends with a reset")
  func codes() throws {
    var frame = Frame(size: Size(columns: 8, rows: 2))
    frame.put("한e\u{301}", x: 0, y: 0, role: .failed)
    frame.put("up", x: 3, y: 0, role: .ok)
    frame.put("RO", x: 0, y: 1, role: .badge)
    #expect(
      frame.ansiText(theme: try theme())
        == "\u{1b}[0;1;38;5;167m한e\u{301}\u{1b}[0;32mup\u{1b}[0m   \u{1b}[0m\n"
        + "\u{1b}[0;104mRO\u{1b}[0m      \u{1b}[0m\n")
  }

  @Test("16 colours use codes that every terminal knows; without colours only bold and dim are used")
  func fewColors() throws {
    var frame = Frame(size: Size(columns: 2, rows: 1))
    frame.put("x", x: 0, y: 0, role: .failed)
    frame.put("y", x: 1, y: 0, role: .badge)
    let theme = try theme()
    #expect(frame.ansiText(theme: theme, colors: 16) == "\u{1b}[0;1;31mx\u{1b}[0;104my\u{1b}[0m\n")
    #expect(frame.ansiText(theme: theme, colors: 8) == "\u{1b}[0;1;31mx\u{1b}[0;44my\u{1b}[0m\n")
    #expect(frame.ansiText(theme: theme, colors: 0) == "\u{1b}[0;1mx\u{1b}[0;7my\u{1b}[0m\n")
  }

  @Test("without codes the text equals the frame's text", arguments: 0..<30 as Range<UInt64>)
  func random(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let frame = RandomFrame.frame(&random)
    let plain = frame.ansiText(theme: try theme()).replacing(/\u{1b}\[[0-9;]*m/, with: "")
    #expect(plain == frame.textRows.map { $0 + "\n" }.joined(), "seed \(seed)")
  }
}
