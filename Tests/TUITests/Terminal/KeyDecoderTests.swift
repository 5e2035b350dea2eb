import CNcurses
import Glibc
import Testing

@testable import TUI

@Suite("Terminal key decoding", .serialized)
struct KeyDecoderTests {
  @Test(
    "sequences give the pressed keys",
    arguments: [
      ("q", [.character("q")]), ("R", [.character("R")]), (" ", [.character(" ")]), ("\r", [.enter]), ("\n", [.enter]),
      ("\t", [.tab]),
      ("\u{7f}", [.backspace]), ("\u{8}", [.backspace]), ("\u{1}", [.control("a")]), ("\u{1a}", [.control("z")]),
      ("\u{3}", [.control("c")]), ("\u{1c}", []), ("\u{0}", []), ("\u{1b}OA", [.up]), ("\u{1b}OB", [.down]),
      ("\u{1b}OC", [.right]),
      ("\u{1b}OD", [.left]), ("\u{1b}[5~", [.pageUp]), ("\u{1b}[6~", [.pageDown]), ("\u{1b}OH", [.home]),
      ("\u{1b}OF", [.end]),
      ("\u{1b}[3~", [.delete]), ("\u{1b}[Z", [.backTab]), ("\u{1b}OP", [.function(1)]), ("\u{1b}[24~", [.function(12)]),
      ("\u{1b}", [.escape]),
    ] as [(String, [Key])])
  func table(bytes: String, keys: [Key]) throws {
    let terminal = try PseudoTerminal()
    try terminal.type(bytes)
    #expect(terminal.keys() == keys)
  }

  @Test("many keys in one packet are decoded in order")
  func packet() throws {
    let terminal = try PseudoTerminal()
    try terminal.type("gj\u{1b}OB\u{1b}OAG\r")
    #expect(terminal.keys() == [.character("g"), .character("j"), .down, .up, .character("G"), .enter])
  }

  @Test(
    "a key right after Esc is not lost",
    arguments: [
      ("\u{1b}q", [.escape, .character("q")]), ("\u{1b}\u{1b}", [.escape, .escape]),
      ("\u{1b}\u{1b}OA", [.escape, .up]),
      ("\u{1b}\r", [.escape, .enter]), ("\u{1b}:", [.escape, .character(":")]),
    ] as [(String, [Key])])
  func afterEscape(bytes: String, keys: [Key]) throws {
    let terminal = try PseudoTerminal()
    try terminal.type(bytes)
    #expect(terminal.keys() == keys)
  }

  @Test(
    "unknown sequences are skipped completely, and the following keys are kept",
    arguments: [
      "\u{1b}[201~", "\u{1b}[2000~", "\u{1b}[1;200~", "\u{1b}[I", "\u{1b}[O", "\u{1b}[1;5R", "\u{1b}[?1;2c",
      "\u{1b}[>41;354;0c",
      "\u{1b}[99;99;99u",
      "\u{1b}]11;rgb:0000/0000/0000\u{7}", "\u{1b}]11;rgb:ffff/ffff/ffff\u{1b}\\", "\u{1b}P>|XTerm(379)\u{1b}\\",
      "\u{1b}Oz",
      "\u{1b}_Gi=31;OK\u{1b}\\",
    ])
  func unknown(sequence: String) throws {
    let terminal = try PseudoTerminal()
    try terminal.type(sequence + "j")
    #expect(terminal.keys() == [.character("j")])
  }

  @Test(
    "pasted text is one key with its text, for any content",
    arguments: [
      ("RC", "RC"), ("", ""), ("y\r12\r", "y\r12\r"), ("\u{1b}[A\u{1b}OBx", "x"), ("\u{1b}[200~q", "q"),
    ])
  func pasted(text: String, taken: String) throws {
    let terminal = try PseudoTerminal()
    #expect(terminal.output().contains("\u{1b}[?2004h"))
    try terminal.type("j\u{1b}[200~\(text)\u{1b}[201~k")
    #expect(terminal.keys() == [.character("j"), .pasted(taken), .character("k")])
    sg_screen_suspend()
    #expect(terminal.output().contains("\u{1b}[?2004l"))
    sg_screen_resume()
    #expect(terminal.output().contains("\u{1b}[?2004h"))
  }

  @Test("^C ends a paste without an end marker, and a long paste is truncated")
  func lostEnd() {
    var filter = PasteFilter()
    var keys = [Int32(SG_KEY_PASTE_BEGIN), 82, 3, 113].compactMap { filter.key($0) }
    #expect(keys == [.control("c"), .character("q")])
    let long = [Int32(SG_KEY_PASTE_BEGIN)] + Array(repeating: 82, count: 10_000) + [Int32(SG_KEY_PASTE_END)]
    keys = long.compactMap { filter.key($0) }
    #expect(keys == [.pasted(String(repeating: "R", count: PasteFilter.maxLength))])
  }

  @Test("mouse events have kind and position, and are ignored until the mouse is enabled")
  func mouse() throws {
    let terminal = try PseudoTerminal()
    #expect(!terminal.output().contains("\u{1b}[?1000h"))
    sg_screen_mouse(true)
    #expect(terminal.output().contains("\u{1b}[?1000h\u{1b}[?1006h"))
    try terminal.type("\u{1b}[<0;11;6M\u{1b}[<0;11;6m\u{1b}[<64;1;1M\u{1b}[<65;3;4M")
    #expect(
      terminal.keys() == [.mouse(.click, x: 10, y: 5), .mouse(.wheelUp, x: 0, y: 0), .mouse(.wheelDown, x: 2, y: 3)])
  }

  @Test(
    "unsupported mouse events are skipped without waiting for more input",
    arguments: [
      "\u{1b}[<0;1;1m", "\u{1b}[<2;5;5M", "\u{1b}[<35;5;5M", "\u{1b}[<0;0;1M", "\u{1b}[<0;99999999999999999999;1m",
      "\u{1b}[<;;;M",
      "\u{1b}[M !!", "\u{1b}[<0;1",
    ])
  func mouseNoise(sequence: String) throws {
    let terminal = try PseudoTerminal()
    sg_screen_mouse(true)
    try terminal.type(sequence)
    #expect(terminal.keys() == [])
  }

  @Test(
    "a sequence may arrive byte by byte",
    arguments: [
      ("\u{1b}OB", [.down]), ("\u{1b}[5~", [.pageUp]), ("\u{1b}[99;5uj", [.character("j")]),
      ("\u{1b}]11;rgb:0/0/0\u{1b}\\j", [.character("j")]),
    ] as [(String, [Key])])
  func split(bytes: String, keys: [Key]) throws {
    let terminal = try PseudoTerminal(delay: 10_000)
    terminal.typeSlowly(bytes)
    var taken: [Key] = []
    while taken.isEmpty, terminal.hasInput { taken += terminal.keys() }
    #expect(taken == keys)
  }
}
