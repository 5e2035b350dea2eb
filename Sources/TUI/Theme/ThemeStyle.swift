/// How a role looks.
package struct ThemeStyle: Sendable, Hashable {
  /// Indexes of the 256-colour palette; `nil` is the terminal's own colour.
  package var foreground: UInt8?
  package var background: UInt8?
  package var isBold = false
  package var isDim = false
  package var isUnderlined = false
  package var isReversed = false

  package init(
    foreground: UInt8? = nil, background: UInt8? = nil, isBold: Bool = false, isDim: Bool = false,
    isUnderlined: Bool = false, isReversed: Bool = false
  ) {
    self.foreground = foreground
    self.background = background
    self.isBold = isBold
    self.isDim = isDim
    self.isUnderlined = isUnderlined
    self.isReversed = isReversed
  }

  /// What `other` says, over this.
  func overlaid(by other: ThemeStyle) -> ThemeStyle {
    ThemeStyle(
      foreground: other.foreground ?? foreground, background: other.background ?? background,
      isBold: isBold || other.isBold, isDim: isDim && !other.isReversed,
      isUnderlined: isUnderlined || other.isUnderlined,
      isReversed: isReversed != other.isReversed)
  }

  /// The same in a palette of 16, 8 or no colours.
  package func reduced(to colors: Int) -> ThemeStyle {
    guard colors < 256 else { return self }
    var style = self
    style.foreground = foreground.flatMap { Palette.reduce($0, to: colors) }
    style.background = background.flatMap { Palette.reduce($0, to: colors) }
    // A bar that only its colour shows would be gone: the cursor's row, a badge.
    if background != nil, style.background == nil { style.isReversed.toggle() }
    // In a small palette grey is what dim is for.
    if let foreground, (232...250).contains(foreground) || foreground == 8, colors < 16 {
      style.foreground = nil
      style.isDim = !isBold
    }
    return style
  }
}
