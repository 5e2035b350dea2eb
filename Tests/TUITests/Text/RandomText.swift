import TestRandom

/// Random texts.
enum RandomText {
  private static let pieces: [String] = [
    "a", "order-17", " ", "e\u{301}", "\u{301}", "한", "日本語", "👩\u{200d}🚀", "🇩🇪", "\u{1b}[2J", "\u{9b}", "\n", "\t",
    "\u{0}", "\u{202e}",
    "\u{fe0f}", "☎\u{fe0f}", "…", "━", "ﷺ", "क्षि", "a\u{300}\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}", "\u{7f}",
    "\u{1171e}",
  ]

  /// A mixture of words, wide characters, combining characters and terminal commands.
  static func mixed(_ random: inout SeededRandom, pieces count: ClosedRange<Int> = 0...12) -> String {
    (0..<Int.random(in: count, using: &random)).map { _ in pieces[Int.random(in: 0..<pieces.count, using: &random)] }
      .joined()
  }

  /// Random bytes, random characters, or a mixture of problematic pieces.
  static func any(_ random: inout SeededRandom) -> String {
    let count = Int.random(in: 0...80, using: &random)
    switch Int.random(in: 0..<3, using: &random) {
    case 0: return String(decoding: (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }, as: UTF8.self)
    case 1:
      var view = String.UnicodeScalarView()
      let bits = Int.random(in: 8...21, using: &random)
      for _ in 0..<count { view.append(Unicode.Scalar(UInt32.random(in: 0..<(1 << bits), using: &random)) ?? "?") }
      return String(view)
    default: return mixed(&random)
    }
  }
}
