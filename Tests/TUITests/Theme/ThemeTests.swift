import Testing

@testable import TUI

@Suite("Themes")
struct ThemeTests {
  private func theme(_ entries: (String, [(String, String)])...) throws -> Theme {
    try Theme(
      name: "test",
      entries: entries.map { role, attributes in Theme.Entry(role: role, attributes: attributes.map { ($0.0, $0.1) }) })
  }

  @Test("a theme file can set every role", arguments: StyleRole.allCases)
  func roles(role: StyleRole) throws {
    let theme = try theme(("\(role)", [("fg", "208"), ("underline", "true")]))
    #expect(theme.style(role: role, emphasis: []) == ThemeStyle(foreground: 208, isUnderlined: true))
  }

  @Test(
    "an error in a theme file is reported with a suggestion",
    arguments: [
      ("stuk", "fg", "1", "unknown role `stuk`"), ("stuck", "fgg", "1", "`stuck`: unknown attribute `fgg`"),
      ("stuck", "fg", "gren", "`stuck`: `gren` is no colour: use a name, 0 to 255, '#rrggbb', or default"),
      ("stuck", "bg", "256", "`stuck`: `256` is no colour"), ("stuck", "bg", "-1", "`stuck`: `-1` is no colour"),
      ("stuck", "bold", "yes", "`stuck`: expected true or false, found `yes`"),
    ])
  func invalid(role: String, attribute: String, value: String, message: String) {
    let error = #expect(throws: Theme.Invalid.self) { try theme((role, [(attribute, value)])) }
    #expect(error?.message.hasPrefix(message) == true)
  }

  @Test(
    "the most similar word is suggested",
    arguments: [("stuk", "fg", "1", "stuck"), ("ok", "fg", "gren", "green"), ("ok", "undeline", "true", "underline")])
  func suggestion(role: String, attribute: String, value: String, word: String) {
    let error = #expect(throws: Theme.Invalid.self) { try theme((role, [(attribute, value)])) }
    #expect(error?.message.contains("`\(word)`") == true)
  }

  @Test("selection overrides marks, marks override weight, weight overrides the role")
  func overlays() throws {
    let theme = try theme(
      ("failed", [("fg", "red")]), ("strong", [("bold", "true")]), ("marked", [("fg", "33")]),
      ("selected", [("bg", "24")]))
    #expect(theme.style(role: .failed, emphasis: .strong) == ThemeStyle(foreground: 1, isBold: true))
    #expect(theme.style(role: .failed, emphasis: [.strong, .marked]) == ThemeStyle(foreground: 33, isBold: true))
    #expect(
      theme.style(role: .failed, emphasis: [.selected, .strong, .marked])
        == ThemeStyle(foreground: 33, background: 24, isBold: true))
  }

  @Test("a reversed row keeps reversed parts visible and is not dim")
  func reversed() {
    #expect(!Theme.mono.style(role: .badge, emphasis: .selected).isReversed)
    #expect(Theme.mono.style(role: .dim, emphasis: .selected) == ThemeStyle(isReversed: true))
  }

  @Test(
    "colours are found by name and number",
    arguments: [
      ("black", 0), ("white", 7), ("gray", 8), ("brightWhite", 15), ("0", 0), ("255", 255), ("256", nil), ("", nil),
      ("Red", nil),
    ] as [(String, UInt8?)])
  func names(text: String, index: UInt8?) {
    #expect(Palette.index(text) == index)
  }

  @Test(
    "a smaller palette uses the nearest colour of the same hue",
    arguments: [
      (167, 16, 1), (167, 8, 1), (71, 16, 2), (172, 16, 3), (134, 8, 5), (245, 16, 8), (231, 16, 15), (231, 8, 7),
      (33, 8, 6), (9, 16, 9), (9, 8, 1),
      (3, 8, 3),
      (24, 16, 12), (24, 8, 4), (16, 16, 0),
      (231, 0, nil), (1, 2, nil),
    ] as [(UInt8, Int, UInt8?)])
  func nearest(color: UInt8, colors: Int, nearest: UInt8?) {
    #expect(Palette.reduce(color, to: colors) == nearest)
  }

  @Test("every palette uses only its own colours", arguments: [0, 1, 7, 8, 15, 16, 88, 255, 256])
  func reduced(colors: Int) {
    for color in UInt8.min...UInt8.max {
      let style = ThemeStyle(foreground: .index(color), background: .index(color)).reduced(to: colors)
      let limit = colors >= 256 ? 256 : colors >= 16 ? 16 : colors >= 8 ? 8 : 0
      #expect(style.foreground.map { Self.place($0) < limit } ?? true)
      #expect(style.background.map { Self.place($0) < limit } ?? (limit == 0))
    }
  }

  private static func place(_ color: ThemeColor) -> Int {
    if case .index(let index) = color { Int(index) } else { .max }
  }

  @Test(
    "24-bit colours are unchanged if supported, otherwise the nearest of the palette is used",
    arguments: [
      ("#bf616a", Palette.direct, "#bf616a"), ("#bf616a", 256, "#af5f5f"), ("#000000", 256, "#000000"),
      ("#FFFFFF", 256, "#ffffff"), ("#808080", 256, "#808080"), ("#dc322f", 16, "#cd0000"), ("#2aa198", 8, "#00cdcd"),
    ])
  func direct(text: String, colors: Int, hex: String) throws {
    #expect(try #require(ThemeColor(text)).reduced(to: colors)?.hex == hex)
  }

  @Test("an invalid 24-bit colour is refused", arguments: ["#", "#12345", "#1234567", "#12345g", "123456"])
  func noColor(text: String) {
    #expect(ThemeColor(text) == nil)
  }

  @Test("without colours the selected row and badges are reversed, grey is dim, and nothing else changes")
  func monochrome() {
    let selected = ThemeStyle(foreground: 231, background: 24)
    #expect(selected.reduced(to: 0) == ThemeStyle(isReversed: true))
    #expect(selected.reduced(to: 8).background != nil)
    #expect(ThemeStyle(foreground: 245).reduced(to: 0) == ThemeStyle(isDim: true))
    #expect(ThemeStyle(foreground: 245).reduced(to: 8) == ThemeStyle(isDim: true))
    #expect(ThemeStyle(foreground: 245, isBold: true).reduced(to: 8) == ThemeStyle(isBold: true))
    #expect(ThemeStyle(foreground: 167, isBold: true).reduced(to: 0) == ThemeStyle(isBold: true))
  }
}
