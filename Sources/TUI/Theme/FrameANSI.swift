/// A frame as coloured text, without full-screen mode: `snapshot -o screen --color`.
extension Frame {
  /// Each row ends with a reset and a line feed.
  package func ansiText(theme: Theme, colors: Int = 256) -> String {
    var text = ""
    for y in 0..<size.rows {
      var last: ThemeStyle?
      for x in 0..<size.columns where !self[x, y].isContinuation {
        let cell = self[x, y]
        let style = theme.style(role: cell.role, emphasis: cell.emphasis).reduced(to: colors)
        if style != last { text += Self.escape(style) }
        last = style
        for scalar in scalars(of: cell) { text.unicodeScalars.append(scalar) }
      }
      text += "\u{1b}[0m\n"
    }
    return text
  }

  private static func escape(_ style: ThemeStyle) -> String {
    var codes = ["0"]
    if style.isBold { codes.append("1") }
    if style.isDim { codes.append("2") }
    if style.isUnderlined { codes.append("4") }
    if style.isReversed { codes.append("7") }
    if let foreground = style.foreground { codes.append(code(foreground, base: 30)) }
    if let background = style.background { codes.append(code(background, base: 40)) }
    return "\u{1b}[\(codes.joined(separator: ";"))m"
  }

  /// The first 16 colours have codes that terminals with 16 colours support.
  private static func code(_ color: ThemeColor, base: Int) -> String {
    switch color {
    case .index(let index) where index < 8: "\(base + Int(index))"
    case .index(let index) where index < 16: "\(base + 52 + Int(index))"
    case .index(let index): "\(base + 8);5;\(index)"
    case .rgb(let value): "\(base + 8);2;\(value >> 16 & 255);\(value >> 8 & 255);\(value & 255)"
    }
  }
}
