import Core
import TestRandom
import Testing

@testable import TUI

/// A terminal model that understands only the sequences that a painter writes.
private struct ScreenModel {
  struct Place: Equatable {
    var text = " "
    var style = "0"
  }

  let columns: Int
  private(set) var places: [[Place]]
  private var x = 0
  private var y = 0
  private var style: [String: String] = [:]

  init(_ size: Size) {
    columns = size.columns
    places = Array(repeating: Array(repeating: Place(), count: size.columns), count: size.rows)
  }

  /// Returns the first sequence that is not understood; `nil` if there is none.
  mutating func take(_ bytes: [UInt8]) -> String? {
    var rest = Substring(String(decoding: bytes, as: UTF8.self)).unicodeScalars
    while let scalar = rest.popFirst() {
      guard scalar == "\u{1b}" else {
        write(scalar)
        continue
      }
      guard rest.popFirst() == "[" else { return "no CSI" }
      let numbers = rest.prefix { ("0"..."9").contains($0) || $0 == ";" }
      rest = rest.dropFirst(numbers.count)
      guard let final = rest.popFirst(), obey(final, String(numbers).split(separator: ";").map(String.init)) else {
        return "unknown sequence \(numbers)"
      }
    }
    return nil
  }

  private mutating func write(_ scalar: Unicode.Scalar) {
    let width = TextWidth.columns(of: scalar)
    if width == 0 {
      places[y][max(0, x - 1)].text.unicodeScalars.append(scalar)
      return
    }
    places[y][x] = Place(text: String(scalar), style: shown)
    if width == 2 { places[y][x + 1] = Place(text: "", style: shown) }
    x += width
  }

  private mutating func obey(_ final: Unicode.Scalar, _ numbers: [String]) -> Bool {
    let first = numbers.first.flatMap { Int($0) }
    switch final {
    case "H": (y, x) = ((first ?? 1) - 1, (numbers.count > 1 ? Int(numbers[1]) ?? 1 : 1) - 1)
    case "C": x += first ?? 1
    case "K": for place in x..<columns { places[y][place] = Place(style: shown) }
    case "J": places = places.map { $0.map { _ in Place(style: shown) } }
    case "m": return graphics(numbers.isEmpty ? ["0"] : numbers)
    default: return false
    }
    return true
  }

  private mutating func graphics(_ numbers: [String]) -> Bool {
    var rest = numbers[...]
    while let number = rest.popFirst() {
      switch number {
      case "0": style = [:]
      case "1", "2", "4", "7": style[number] = ""
      case "22": (style["1"], style["2"]) = (nil, nil)
      case "24": style["4"] = nil
      case "27": style["7"] = nil
      case "39": style["ink"] = nil
      case "49": style["ground"] = nil
      case "38", "48":
        let count = rest.first == "2" ? 4 : 2
        style[number == "38" ? "ink" : "ground"] = rest.prefix(count).joined(separator: ";")
        rest = rest.dropFirst(count)
      default:
        guard let value = Int(number), (30...107).contains(value) else { return false }
        style[(30..<40).contains(value) || (90..<100).contains(value) ? "ink" : "ground"] = number
      }
    }
    return true
  }

  /// A style in canonical order, to compare styles.
  private var shown: String { style.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",") }

  func looks(like other: ScreenModel) -> Bool {
    zip(places.joined(), other.places.joined()).allSatisfy { one, other in
      one.text == other.text && (one.text == " " ? Self.ground(one.style) == Self.ground(other.style) : one == other)
    }
  }

  private static func ground(_ style: String) -> [Substring] {
    let parts = style.split(separator: ",")
    let hasLine = parts.contains { $0.hasPrefix("4") || $0.hasPrefix("7") }
    return parts.filter { $0.hasPrefix("ground") || (hasLine && $0 != "0") }
  }
}

@Suite("Output per frame")
struct TerminalPainterTests {
  /// The capabilities of xterm's terminfo entry.
  private static func language(colors: Int = 256) -> TerminalLanguage {
    TerminalLanguage(colors: colors) { capability, first, second in
      let text: String? =
        switch capability {
        case "cup": "\u{1b}[\(first + 1);\(second + 1)H"
        case "cuf": "\u{1b}[\(first)C"
        case "el": "\u{1b}[K"
        case "clear": "\u{1b}[H\u{1b}[2J"
        case "sgr0": "\u{1b}[m"
        case "op": "\u{1b}[39;49m"
        case "rmul": "\u{1b}[24m"
        case "setaf", "setab":
          first < 8
            ? "\u{1b}[\(capability == "setaf" ? 3 : 4)\(first)m"
            : "\u{1b}[\(capability == "setaf" ? 38 : 48);5;\(first)m"
        default: nil
        }
      return text.map { Array($0.utf8) }
    }
  }

  private static func theme() throws -> Theme {
    try Theme(
      name: "test",
      entries: [
        Theme.Entry(role: "failed", attributes: [("fg", "#bf616a"), ("bold", "true")]),
        Theme.Entry(role: "dim", attributes: [("dim", "true")]),
        Theme.Entry(role: "badge", attributes: [("bg", "24")]),
        Theme.Entry(role: "selected", attributes: [("fg", "231"), ("bg", "24")]),
      ])
  }

  private static func painter(colors: Int = 256) throws -> TerminalPainter {
    TerminalPainter(theme: try theme(), language: language(colors: colors), isUTF8: true)
  }

  @Test(
    "an update of the previous frame gives the same screen as drawing from scratch",
    arguments: 0..<400 as Range<UInt64>)
  func random(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let old = RandomFrame.frame(&random)
    var new = Bool.random(using: &random) ? old : Frame(size: old.size)
    for _ in 0..<Int.random(in: 0...6, using: &random) { RandomFrame.change(&new, &random) }
    let colors = [0, 8, 256, Palette.direct][Int.random(in: 0..<4, using: &random)]
    var painter = try Self.painter(colors: colors)
    var changed = ScreenModel(old.size)
    #expect(changed.take(painter.paint(old, over: nil).bytes) == nil, "seed \(seed)")
    let picture = painter.paint(new, over: old)
    #expect(changed.take(picture.bytes) == nil, "seed \(seed)")
    var fresh = ScreenModel(new.size)
    var other = try Self.painter(colors: colors)
    #expect(fresh.take(other.paint(new, over: nil).bytes) == nil, "seed \(seed)")
    #expect(changed.looks(like: fresh), "seed \(seed)")
    #expect(painter.paint(new, over: new).bytes.isEmpty, "seed \(seed)")
  }

  @Test("a frame that looks like the previous one costs nothing, even if roles of blanks differ")
  func blanks() throws {
    var painter = try Self.painter()
    let old = Frame(size: Size(columns: 20, rows: 2))
    var new = old
    new.fill(new.bounds, role: .failed)
    #expect(painter.paint(new, over: old) == ([], 0))
  }

  @Test(
    "a changed second of the clock is one digit with its position, and close digits share a position",
    arguments: [
      ("12:00:01", "12:00:02", "\u{1b}[2;13H2"), ("12:00:09", "12:00:10", "\u{1b}[2;12H10"),
      ("12:00:00", "13:00:01", "\u{1b}[2;7H3\u{1b}[5C1"), ("1.2s 1.4s", "1.3s 1.5s", "\u{1b}[2;8H3s 1.5"),
    ])
  func digits(before: String, after: String, bytes: String) throws {
    var painter = try Self.painter()
    var old = Frame(size: Size(columns: 30, rows: 3))
    old.put(before, x: 5, y: 1)
    var new = old
    new.put(after, x: 5, y: 1)
    _ = painter.paint(old, over: nil)
    #expect(String(decoding: painter.paint(new, over: old).bytes, as: UTF8.self) == bytes)
  }

  @Test("a shortened line is cleared to its end")
  func shorter() throws {
    var painter = try Self.painter()
    var old = Frame(size: Size(columns: 80, rows: 1))
    old.put("payment failed: card declined", x: 0, y: 0, role: .failed)
    _ = painter.paint(old, over: nil)
    #expect(
      String(decoding: painter.paint(Frame(size: old.size), over: old).bytes, as: UTF8.self)
        == "\u{1b}[1H\u{1b}[m\u{1b}[K")
  }

  @Test(
    "a 24-bit colour is written unchanged if the terminal supports it, otherwise as the nearest one",
    arguments: [
      (Palette.direct, "\u{1b}[1;38;2;191;97;106m"), (256, "\u{1b}[1;38;5;131m"), (8, "\u{1b}[1;31m"),
      (0, "\u{1b}[1m"),
    ])
  func depth(colors: Int, sequence: String) throws {
    var painter = try Self.painter(colors: colors)
    var frame = Frame(size: Size(columns: 3, rows: 1))
    frame.put("x", x: 0, y: 0, role: .failed)
    #expect(
      String(decoding: painter.paint(frame, over: Frame(size: frame.size)).bytes, as: UTF8.self).hasPrefix(
        "\u{1b}[1H\u{1b}[m\(sequence)x"))
  }

  @Test("characters that the locale cannot encode become one question mark per column")
  func locale() throws {
    var painter = TerminalPainter(theme: .mono, language: Self.language(), isUTF8: false)
    var frame = Frame(size: Size(columns: 6, rows: 1))
    frame.put("한é", x: 0, y: 0)
    #expect(painter.paint(frame, over: nil).bytes.count { $0 == UInt8(ascii: "?") } == 3)
  }

  @Test("on a terminal that would scroll, the last cell stays free")
  func lastCell() throws {
    let language = TerminalLanguage(colors: 0, hasLastCell: false) { capability, first, second in
      capability == "cup" ? Array("<\(first),\(second)>".utf8) : nil
    }
    var painter = TerminalPainter(theme: .mono, language: language, isUTF8: true)
    var frame = Frame(size: Size(columns: 3, rows: 2))
    for y in 0..<2 { frame.put("abc", x: 0, y: y) }
    #expect(String(decoding: painter.paint(frame, over: nil).bytes, as: UTF8.self) == "<0,0>abc<1,0>ab")
  }

  @Test("a second in which only ages and the clock change costs at most 200 bytes on 120 columns")
  func idle() throws {
    var app = Scene("", []).app(size: Size(columns: 120, rows: 40))
    var painter = try Self.painter()
    var last = app.frame(glyphs: .unicode)
    _ = painter.paint(last, over: nil)
    var source = Fixture()
    // After eight seconds the fixture's sources become stale.
    for second in 1...8 {
      source.head.now = Fixture.now + .seconds(second)
      app.refresh(from: source, now: source.head.now)
      let next = app.frame(glyphs: .unicode)
      let bytes = painter.paint(next, over: last).bytes.count
      #expect(bytes > 0 && bytes <= 200, "second \(second): \(bytes) bytes")
      last = next
    }
  }
}
