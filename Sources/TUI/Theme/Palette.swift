/// The colours that terminals have: 16 with names, a cube of 216, and 24 greys (xterm's numbering).
package enum Palette {
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

  /// A colour by name or number; `nil` when the text is neither.
  package static func index(_ text: String) -> UInt8? {
    if let index = names.firstIndex(of: text) { return UInt8(index) }
    return UInt8(text)
  }

  /// The nearest colour of a smaller palette; `nil` where there are no colours.
  static func reduce(_ color: UInt8, to colors: Int) -> UInt8? {
    guard colors >= 8 else { return nil }
    let limit = colors >= 16 ? 16 : 8
    if color < 8 || (color < 16 && limit == 16) { return color }
    if color < 16 { return color - 8 }
    let wanted = components(color)
    // A muted colour lies nearer to grey than to any bright one, but its hue is what it means.
    let candidates = (0..<limit).filter { isGrey(basic[$0]) == isGrey(wanted) }
    let nearest = candidates.min { distance(basic[$0], wanted) < distance(basic[$1], wanted) }
    return UInt8(nearest ?? 7)
  }

  /// A colour of the 256 as `#rrggbb`.
  package static func hex(_ color: UInt8) -> String {
    let (red, green, blue) = components(color)
    return "#" + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
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

  /// Weighted as the eye weighs brightness, so that what is dark stays dark and text on it legible.
  private static func distance(_ left: (Int, Int, Int), _ right: (Int, Int, Int)) -> Int {
    let (red, green, blue) = (left.0 - right.0, left.1 - right.1, left.2 - right.2)
    return 3 * red * red + 6 * green * green + blue * blue
  }
}
