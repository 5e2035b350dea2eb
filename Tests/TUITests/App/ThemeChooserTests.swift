import Core
import Testing

@testable import TUI

@Suite("Theme selection")
struct ThemeChooserTests {
  private func app() -> App {
    var app = Scene("", []).app(size: Size(columns: 100, rows: 30))
    (app.themes, app.theme) = (["default", "light", "nord"], "light")
    return app
  }

  private func press(_ keys: [Key], in app: inout App) -> [Effect?] { keys.map { app.handle($0, now: Fixture.now) } }

  @Test(
    "each theme is previewed; Enter accepts it, Esc restores the previous one",
    arguments: [
      ([.down, .enter], ["nord", "nord"], "nord"), ([.up, .escape], ["default", "light"], "light"),
      ([.character("T"), .character("T"), .enter], ["nord", "default", "default"], "default"),
      ([.end, .down, .character("q")], ["nord", "default", "light"], "light"),
    ] as [([Key], [String], String)])
  func choose(keys: [Key], shown: [String], kept: String) {
    var app = app()
    #expect(press([.character("T")], in: &app) == [nil])
    #expect(!app.isIdle && app.frame(glyphs: .unicode).text.contains(" theme "))
    #expect(press(keys, in: &app) == shown.map { Effect.theme($0) })
    #expect(app.theme == kept)
    #expect(app.isIdle && app.themeChooser == nil)
  }

  @Test("other keys do nothing while it is open, at any screen size", arguments: [(60, 12), (40, 8), (160, 45)])
  func others(columns: Int, rows: Int) {
    var app = app()
    app.resize(to: Size(columns: columns, rows: rows))
    #expect(
      press([.character("T"), .character("R"), .character("z"), .function(5)], in: &app) == [nil, nil, nil, nil])
    #expect(app.dialog == nil && app.frozenAt == nil)
    #expect(app.frame(glyphs: .ascii).text.contains("light"))
  }
}
