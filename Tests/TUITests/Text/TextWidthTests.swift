import Glibc
import Testing

@testable import TUI

@Suite("Character widths")
struct TextWidthTests {
  /// Widths of the C library in a UTF-8 locale; -1 if a character is unknown or not printable.
  private func libraryWidths(_ scalars: [Unicode.Scalar]) throws -> [Int] {
    // Swift's overlay lacks this function.
    let symbol = try #require(dlsym(nil, "wcwidth"))
    let width = unsafeBitCast(symbol, to: (@convention(c) (wchar_t) -> Int32).self)
    let locale = try #require(newlocale(Int32(LC_CTYPE_MASK), "C.UTF-8", nil))
    let before = uselocale(locale)
    defer {
      uselocale(before)
      freelocale(locale)
    }
    return scalars.map { Int(width(wchar_t($0.value))) }
  }

  private static var allScalars: [Unicode.Scalar] {
    (0...0x10ffff as ClosedRange<UInt32>).compactMap(Unicode.Scalar.init)
  }

  private func drawn(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
    var result: [Unicode.Scalar] = []
    Sanitizer.forEach(in: String(scalar)) { result.append($0) }
    return result
  }

  @Test("every drawn character has the width that the C library and therefore ncurses use")
  func library() throws {
    let scalars = Self.allScalars.filter { drawn($0) == [$0] }
    var wrong: [String] = []
    for (scalar, width) in zip(scalars, try libraryWidths(scalars)) where width != TextWidth.columns(of: scalar) {
      wrong.append("\(String(scalar.value, radix: 16)): \(TextWidth.columns(of: scalar)), not \(width)")
    }
    #expect(wrong.isEmpty, "\(wrong.count) differ: \(wrong.prefix(40).joined(separator: "; "))")
  }

  @Test(
    "columns by kind of character",
    arguments: [
      ("a", 1), ("é", 1), ("e\u{301}", 1), ("…", 1), ("━", 1), ("●", 1), ("▲", 1), ("✔", 1), ("한", 2), ("日", 2),
      ("Ａ", 2), ("、", 2),
      ("ｱ", 1), ("⌚", 2), ("😀", 2), ("❤\u{fe0f}", 1), ("👩\u{200d}🚀", 4), ("👍\u{1f3fd}", 4), ("🇩🇪", 2),
      ("ᄒ\u{1161}\u{11ab}", 2),
      ("\u{302a}", 0), ("\u{20dd}", 0), ("\u{200d}", 0), ("कि", 2), ("", 0), ("\u{1b}", 2), ("\u{200b}", 8),
    ])
  func table(text: String, columns: Int) {
    #expect(TextWidth.columns(of: text) == columns)
  }

  @Test("the symbols of the views are one column wide and unchanged", arguments: [Glyphs.unicode, .ascii])
  func glyphs(glyphs: Glyphs) {
    for child in Mirror(reflecting: glyphs).children {
      let scalars = (child.value as? Unicode.Scalar).map { [$0] } ?? child.value as? [Unicode.Scalar] ?? []
      #expect(!scalars.isEmpty)
      for scalar in scalars {
        #expect(TextWidth.columns(of: scalar) == 1)
        #expect(drawn(scalar) == [scalar])
      }
    }
  }
}
