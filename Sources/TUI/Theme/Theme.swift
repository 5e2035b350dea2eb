import Core
import Text

/// Maps roles and emphases to styles.
package struct Theme: Sendable {
  package struct Invalid: Error, Equatable {
    /// Role of the invalid entry.
    package var role: String
    package var message: String
  }

  /// One line of a theme file: a role and its attributes.
  package struct Entry: Sendable {
    package var role: String
    package var attributes: [(name: String, value: String)]

    package init(role: String, attributes: [(name: String, value: String)]) {
      self.role = role
      self.attributes = attributes
    }
  }

  package let name: String
  private var roles: [ThemeStyle]
  private var selected = ThemeStyle(isReversed: true)
  private var marked = ThemeStyle(isBold: true, isUnderlined: true)
  private var strong = ThemeStyle(isBold: true)

  private static let overlays = ["selected", "marked", "strong"]
  private static let attributes = ["fg", "bg", "bold", "dim", "underline", "reverse"]

  /// The built-in theme without colours: only bold, dim and reverse.
  package static let mono = Theme(name: "mono")

  private init(name: String) {
    self.name = name
    roles = Array(repeating: ThemeStyle(), count: StyleRole.allCases.count)
    for role in [StyleRole.heading, .header, .accent, .key, .match, .failed, .critical, .stuck, .error, .warning] {
      roles[Int(role.rawValue)].isBold = true
    }
    for role in [StyleRole.dim, .stale, .border, .axis] { roles[Int(role.rawValue)].isDim = true }
    for role in [StyleRole.badge, .protected, .past] { roles[Int(role.rawValue)].isReversed = true }
  }

  /// A theme from the entries of its file, based on `mono`. Throws on unknown roles, attributes and values.
  package init(name: String, entries: [Entry]) throws(Invalid) {
    self.init(name: name)
    for entry in entries {
      let style = try Self.style(entry)
      switch entry.role {
      case "selected": selected = style
      case "marked": marked = style
      case "strong": strong = style
      default: roles[Int(try Self.role(entry.role).rawValue)] = style
      }
    }
  }

  package func style(role: StyleRole, emphasis: Emphasis) -> ThemeStyle {
    var style = roles[Int(role.rawValue)]
    if emphasis.contains(.strong) { style = style.overlaid(by: strong) }
    if emphasis.contains(.marked) { style = style.overlaid(by: marked) }
    if emphasis.contains(.selected) { style = style.overlaid(by: selected) }
    return style
  }

  private static func role(_ name: String) throws(Invalid) -> StyleRole {
    if let role = StyleRole.allCases.first(where: { "\($0)" == name }) { return role }
    let known = StyleRole.allCases.map { "\($0)" } + overlays
    throw Invalid(role: name, message: "unknown role `\(name)`\(NearestWord.hint(name, among: known))")
  }

  private static func style(_ entry: Entry) throws(Invalid) -> ThemeStyle {
    var style = ThemeStyle()
    for (name, value) in entry.attributes {
      switch name {
      case "fg": style.foreground = try color(value, entry.role)
      case "bg": style.background = try color(value, entry.role)
      case "bold": style.isBold = try truth(value, entry.role)
      case "dim": style.isDim = try truth(value, entry.role)
      case "underline": style.isUnderlined = try truth(value, entry.role)
      case "reverse": style.isReversed = try truth(value, entry.role)
      default:
        throw Invalid(
          role: entry.role,
          message: "`\(entry.role)`: unknown attribute `\(name)`\(NearestWord.hint(name, among: attributes))")
      }
    }
    return style
  }

  private static func color(_ text: String, _ role: String) throws(Invalid) -> ThemeColor? {
    if text == "default" { return nil }
    if let color = ThemeColor(text) { return color }
    let hint = NearestWord.hint(text, among: Palette.names)
    throw Invalid(
      role: role, message: "`\(role)`: `\(text)` is no colour: use a name, 0 to 255, '#rrggbb', or default\(hint)")
  }

  private static func truth(_ text: String, _ role: String) throws(Invalid) -> Bool {
    switch text {
    case "true": return true
    case "false": return false
    default: throw Invalid(role: role, message: "`\(role)`: expected true or false, found `\(text)`")
    }
  }
}

/// The style of a role.
package struct ThemeStyle: Sendable, Hashable {
  /// `nil`: the terminal's default colour.
  package var foreground: ThemeColor?
  package var background: ThemeColor?
  package var isBold = false
  package var isDim = false
  package var isUnderlined = false
  package var isReversed = false

  package init(
    foreground: ThemeColor? = nil, background: ThemeColor? = nil, isBold: Bool = false, isDim: Bool = false,
    isUnderlined: Bool = false, isReversed: Bool = false
  ) {
    self.foreground = foreground
    self.background = background
    self.isBold = isBold
    self.isDim = isDim
    self.isUnderlined = isUnderlined
    self.isReversed = isReversed
  }

  /// This style with `other` applied on top.
  func overlaid(by other: ThemeStyle) -> ThemeStyle {
    ThemeStyle(
      foreground: other.foreground ?? foreground, background: other.background ?? background,
      isBold: isBold || other.isBold, isDim: isDim && !other.isReversed,
      isUnderlined: isUnderlined || other.isUnderlined,
      isReversed: isReversed != other.isReversed)
  }

  /// This style for a palette of 256, 16, 8 or no colours.
  package func reduced(to colors: Int) -> ThemeStyle {
    var style = self
    style.foreground = foreground.flatMap { $0.reduced(to: colors) }
    style.background = background.flatMap { $0.reduced(to: colors) }
    guard colors < 256 else { return style }
    // A bar that differs only in its background would be invisible: the cursor's row, a badge.
    if background != nil, style.background == nil { style.isReversed.toggle() }
    // In a palette of fewer than 16 colours, dim replaces grey.
    if let foreground, colors < 16, case .index(let index)? = foreground.reduced(to: 256),
      (232...250).contains(index) || index == 8
    {
      style.foreground = nil
      style.isDim = !isBold
    }
    return style
  }
}
