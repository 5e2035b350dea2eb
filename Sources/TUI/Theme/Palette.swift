/// A colour of a theme.
package enum ThemeColor: Sendable, Hashable, ExpressibleByIntegerLiteral {
  /// Index in the palette of 256 colours.
  case index(UInt8)
  /// 24 bits: red, green, blue.
  case rgb(UInt32)

  package init(integerLiteral value: UInt8) { self = .index(value) }

  /// Parses a name, a number from 0 to 255, or `#rrggbb`; `nil` if the text is none of them.
  package init?(_ text: String) {
    if text.hasPrefix("#") {
      guard text.count == 7, let value = UInt32(text.dropFirst(), radix: 16) else { return nil }
      self = .rgb(value)
    } else if let index = Palette.index(text) {
      self = .index(index)
    } else {
      return nil
    }
  }

  var components: (Int, Int, Int) {
    switch self {
    case .index(let index): Palette.components(index)
    case .rgb(let value): (Int(value >> 16 & 255), Int(value >> 8 & 255), Int(value & 255))
    }
  }

  /// As `#rrggbb`.
  package var hex: String {
    let (red, green, blue) = components
    return "#" + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// The nearest colour of a terminal with this number of colours; `nil` if it has none.
  func reduced(to colors: Int) -> ThemeColor? {
    if colors >= Palette.direct { return self }
    let index = if case .index(let index) = self { index } else { Palette.nearest(components) }
    return colors >= 256 ? .index(index) : Palette.reduce(index, to: colors).map { .index($0) }
  }
}

/// The colours of terminals: 16 with names, a cube of 216, and 24 greys (xterm's numbering).
package enum Palette {
  /// Number of colours of a terminal with 24-bit colours.
  package static let direct = 1 << 24

  package static let names = [
    "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white", "gray", "brightRed", "brightGreen",
    "brightYellow", "brightBlue", "brightMagenta", "brightCyan", "brightWhite",
  ]

  private static let levels = [0, 95, 135, 175, 215, 255]
  private static let basic: [(Int, Int, Int)] = [
    (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229),
    (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255), (255, 0, 255), (0, 255, 255),
    (255, 255, 255),
  ]

  /// A colour by name or number; `nil` if the text is neither.
  package static func index(_ text: String) -> UInt8? {
    if let index = names.firstIndex(of: text) { return UInt8(index) }
    return UInt8(text)
  }

  /// The nearest colour of a smaller palette; `nil` if it has fewer than 8 colours.
  static func reduce(_ color: UInt8, to colors: Int) -> UInt8? {
    guard colors >= 8 else { return nil }
    let limit = colors >= 16 ? 16 : 8
    if color < 8 || (color < 16 && limit == 16) { return color }
    if color < 16 { return color - 8 }
    let wanted = components(color)
    // A muted colour is nearer to grey than to any bright colour, but its hue has the meaning: grey maps only to grey.
    let candidates = (0..<limit).filter { isGrey(basic[$0]) == isGrey(wanted) }
    let nearest = candidates.min { distance(basic[$0], wanted) < distance(basic[$1], wanted) }
    return UInt8(nearest ?? 7)
  }

  /// The nearest of the 240 colours that are the same in every 256-colour palette.
  static func nearest(_ color: (Int, Int, Int)) -> UInt8 {
    (UInt8(16)...255).min { distance(components($0), color) < distance(components($1), color) } ?? 16
  }

  static func components(_ color: UInt8) -> (Int, Int, Int) {
    let index = Int(color)
    if index < 16 { return basic[index] }
    if index >= 232 { return (8 + (index - 232) * 10, 8 + (index - 232) * 10, 8 + (index - 232) * 10) }
    let cube = index - 16
    return (levels[cube / 36], levels[cube / 6 % 6], levels[cube % 6])
  }

  private static func isGrey(_ color: (Int, Int, Int)) -> Bool {
    max(color.0, color.1, color.2) - min(color.0, color.1, color.2) < 30
  }

  /// Weighted by perceived brightness, so that dark colours stay dark and text on them stays legible.
  private static func distance(_ left: (Int, Int, Int), _ right: (Int, Int, Int)) -> Int {
    let (red, green, blue) = (left.0 - right.0, left.1 - right.1, left.2 - right.2)
    return 3 * red * red + 6 * green * green + blue * blue
  }
}
