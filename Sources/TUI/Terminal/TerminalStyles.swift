import CNcurses

/// A theme in ncurses' terms: what it is told for each role under each emphasis, reckoned once.
struct TerminalStyles {
  struct Look {
    var attributes: Int32
    /// Palette indexes; -1 is the terminal's own colour.
    var foreground: Int32
    var background: Int32
  }

  private static let emphases: UInt8 = 8
  private let looks: [Look]

  /// `colors` is the size of the terminal's palette, 0 for none.
  init(theme: Theme, colors: Int) {
    looks = StyleRole.allCases.flatMap { role in
      (0..<Self.emphases).map { emphasis in
        Self.look(theme.style(role: role, emphasis: Emphasis(rawValue: emphasis)).reduced(to: colors))
      }
    }
  }

  subscript(cell: Cell) -> Look {
    looks[Int(cell.role.rawValue) * Int(Self.emphases) + Int(cell.emphasis.rawValue % Self.emphases)]
  }

  private static func look(_ style: ThemeStyle) -> Look {
    var attributes = 0
    if style.isBold { attributes |= SG_BOLD }
    if style.isDim { attributes |= SG_DIM }
    if style.isUnderlined { attributes |= SG_UNDERLINE }
    if style.isReversed { attributes |= SG_REVERSE }
    return Look(
      attributes: Int32(attributes), foreground: style.foreground.map { Int32($0) } ?? -1,
      background: style.background.map { Int32($0) } ?? -1)
  }
}
