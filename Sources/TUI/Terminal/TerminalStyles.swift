/// Capabilities of the terminal, from terminfo.
package struct TerminalLanguage {
  /// The bytes of a terminfo capability with two parameters; `nil` if the terminal does not have it.
  package typealias Lookup = (_ capability: String, _ first: Int, _ second: Int) -> [UInt8]?

  let lookup: Lookup
  /// Number of colours: 0 if it has none, `Palette.direct` for 24 bits.
  let colors: Int
  /// Colours are given as RGB values in place of palette indices (`xterm-direct`).
  let takesColorsAsNumbers: Bool
  /// Attributes that cannot be combined with colours, as the bits of terminfo's `ncv`.
  let notWithColors: Int
  /// A character in the last column of the last row does not scroll the screen.
  let hasLastCell: Bool
  /// Moving the cursor and erasing use the ECMA-48 sequences.
  let hasMoves: Bool
  let hasErase: Bool
  /// Attributes and colours can be changed individually by the ECMA-48 (SGR) sequences.
  let hasGraphics: Bool

  package init(
    colors: Int, takesColorsAsNumbers: Bool = false, notWithColors: Int = 0, hasLastCell: Bool = true,
    lookup: @escaping Lookup
  ) {
    self.lookup = lookup
    self.colors = colors
    self.takesColorsAsNumbers = takesColorsAsNumbers
    self.notWithColors = max(0, notWithColors)
    self.hasLastCell = hasLastCell
    func says(_ capability: String, _ first: Int = 0, _ second: Int = 0, bytes: String) -> Bool {
      lookup(capability, first, second) == Array(bytes.utf8)
    }
    hasMoves = says("cup", 4, 9, bytes: "\u{1b}[5;10H") && says("cuf", 7, bytes: "\u{1b}[7C")
    hasErase = says("el", bytes: "\u{1b}[K")
    hasGraphics =
      says("op", bytes: "\u{1b}[39;49m") && says("rmul", bytes: "\u{1b}[24m") && says("setaf", 1, bytes: "\u{1b}[31m")
  }

  /// The SGR parameters of a colour.
  func parameters(_ color: ThemeColor, isGround: Bool) -> [UInt8] {
    if case .rgb(let value) = color, !takesColorsAsNumbers {
      return Array("\(isGround ? 48 : 38);2;\(value >> 16 & 255);\(value >> 8 & 255);\(value & 255)".utf8)
    }
    let whole = sequence(color, isGround: isGround)
    return whole.starts(with: [0x1b, 0x5b]) ? Array(whole.dropFirst(2).dropLast()) : []
  }

  func sequence(_ color: ThemeColor, isGround: Bool) -> [UInt8] {
    let (red, green, blue) = color.components
    let number = red << 16 | green << 8 | blue
    let place = if case .index(let index) = color, !takesColorsAsNumbers || index < 8 { Int(index) } else { number }
    return lookup(isGround ? "setab" : "setaf", place, 0) ?? []
  }
}

/// A style with its bytes for the terminal.
struct TerminalStyle {
  private let style: ThemeStyle
  private let ink: [UInt8]
  private let ground: [UInt8]
  /// Sequence that sets the complete style after a reset; empty if attributes can be changed individually.
  private let whole: [UInt8]

  init(_ theme: ThemeStyle, _ language: TerminalLanguage) {
    var style = theme.reduced(to: language.colors)
    if style.foreground != nil || style.background != nil {
      if language.notWithColors & 2 != 0 { style.isUnderlined = false }
      if language.notWithColors & 16 != 0 { style.isDim = false }
    }
    self.style = style
    ink = style.foreground.map { language.parameters($0, isGround: false) } ?? []
    ground = style.background.map { language.parameters($0, isGround: true) } ?? []
    guard !language.hasGraphics else {
      whole = []
      return
    }
    let weights = [
      ("bold", style.isBold), ("dim", style.isDim), ("smul", style.isUnderlined), ("rev", style.isReversed),
    ]
    whole =
      (language.lookup("sgr0", 0, 0) ?? [])
      + weights.filter(\.1).flatMap { language.lookup($0.0, 0, 0) ?? [] }
      + (style.foreground.map { language.sequence($0, isGround: false) } ?? [])
      + (style.background.map { language.sequence($0, isGround: true) } ?? [])
  }

  /// The part of the style that is visible on a blank.
  var blank: ThemeStyle {
    var blank = ThemeStyle(
      background: style.background, isUnderlined: style.isUnderlined, isReversed: style.isReversed)
    if style.isReversed || style.isUnderlined {
      (blank.foreground, blank.isBold, blank.isDim) = (style.foreground, style.isBold, style.isDim)
    }
    return blank
  }

  /// Bytes that change the old style to this one: the differences or a full reset, whichever is shorter.
  func change(from old: TerminalStyle) -> [UInt8] {
    guard whole.isEmpty else { return whole }
    var parts: [[UInt8]] = []
    let fades = (old.style.isBold && !style.isBold) || (old.style.isDim && !style.isDim)
    if fades { parts.append(Array("22".utf8)) }
    if style.isBold, fades || !old.style.isBold { parts.append([0x31]) }
    if style.isDim, fades || !old.style.isDim { parts.append([0x32]) }
    if style.isUnderlined != old.style.isUnderlined { parts.append(Array((style.isUnderlined ? "4" : "24").utf8)) }
    if style.isReversed != old.style.isReversed { parts.append(Array((style.isReversed ? "7" : "27").utf8)) }
    if ink != old.ink { parts.append(ink.isEmpty ? Array("39".utf8) : ink) }
    if ground != old.ground { parts.append(ground.isEmpty ? Array("49".utf8) : ground) }
    let changed = Self.graphics(parts)
    let anew = Self.graphics(all.isEmpty ? [[]] : [[0x30]] + all)
    return changed.count <= anew.count ? changed : anew
  }

  private var all: [[UInt8]] {
    let weights: [(UInt8, Bool)] = [
      (0x31, style.isBold), (0x32, style.isDim), (0x34, style.isUnderlined), (0x37, style.isReversed),
    ]
    return weights.filter(\.1).map { [$0.0] } + [ink, ground].filter { !$0.isEmpty }
  }

  private static func graphics(_ parts: [[UInt8]]) -> [UInt8] {
    parts.isEmpty ? [] : [0x1b, 0x5b] + parts.joined(separator: [0x3b]) + [0x6d]
  }
}

/// A theme as styles of the terminal, computed once. Roles that look the same share one style.
struct TerminalStyles {
  struct Look {
    /// Index of the style.
    var style: Int
    /// Equal for styles whose blanks look the same.
    var blank: Int
  }

  private static let emphases: UInt8 = 8
  /// The first style is the terminal's default.
  private(set) var styles: [TerminalStyle]
  private var blanks: [ThemeStyle] = []
  private var blankOfStyles: [Int] = []
  private var looks: [Look] = []

  init(theme: Theme, _ language: TerminalLanguage) {
    styles = [TerminalStyle(ThemeStyle(), language)]
    var places = [ThemeStyle(): look(0)]
    for role in StyleRole.allCases {
      for emphasis in 0..<Self.emphases {
        let style = theme.style(role: role, emphasis: Emphasis(rawValue: emphasis)).reduced(to: language.colors)
        if places[style] == nil {
          styles.append(TerminalStyle(style, language))
          places[style] = look(styles.count - 1)
        }
        looks.append(places[style] ?? look(0))
      }
    }
  }

  /// The `Look.blank` of a style.
  func blank(of style: Int) -> Int { blankOfStyles[style] }

  subscript(cell: Cell) -> Look {
    looks[Int(cell.role.rawValue) * Int(Self.emphases) + Int(cell.emphasis.rawValue % Self.emphases)]
  }

  /// The look of the style at an index of `styles`.
  private mutating func look(_ place: Int) -> Look {
    let blank = styles[place].blank
    if !blanks.contains(blank) { blanks.append(blank) }
    blankOfStyles.append(blanks.firstIndex(of: blank) ?? 0)
    return Look(style: place, blank: blankOfStyles[place])
  }

  /// The look of the terminal's default style.
  static let plain = Look(style: 0, blank: 0)
}
