import Core
import Testing

@testable import TUI

@Suite("Going back")
struct BackStackTests {
  private static let size = Size(columns: 100, rows: 30)

  private func app(_ keys: String, then more: [Key] = [], source: Fixture = Fixture()) -> App {
    Scene("", Scene.typed(keys) + more, source: source).app(size: Self.size)
  }

  private func press(_ key: Key, _ app: inout App) -> Effect? {
    defer { app.refresh(from: Fixture(), now: Fixture.now) }
    return app.handle(key, now: Fixture.now)
  }

  /// Keys that open another list, the opened list, and its filter.
  private static let opened: [(String, ViewID, String)] = [
    ("7jj", .sagas, "node:node-2"), ("4tj", .groups, "topic:order-created"),
    ("8tj", .sagas, "pattern=\"card declined\""),
  ]

  @Test(
    "Esc and q return from a list opened from a row, and restore the cursor", arguments: opened,
    [Key.escape, .character("q")])
  func lists(opened: (String, ViewID, String), key: Key) {
    let before = app(opened.0)
    var app = app(opened.0, then: [.enter])
    #expect(app.view == opened.1)
    #expect(app.filter.text == opened.2)
    #expect(press(key, &app) == nil)
    #expect(app.view == before.view)
    #expect(app.frame(glyphs: .ascii).text == before.frame(glyphs: .ascii).text)
  }

  @Test("q closes one layer at a time, and quits only at the bottom")
  func layers() {
    var app = app("7j", then: [.enter, .down, .enter])
    #expect(app.view == .sagas && app.titles.count == 1)
    #expect(press(.character("q"), &app) == nil)
    #expect(app.view == .sagas && app.titles.isEmpty && app.filter.text == "node:node-1")
    #expect(press(.character("q"), &app) == nil)
    #expect(app.view == .nodes && app.nodes.list.cursor.position == 1)
    #expect(press(.character("q"), &app) == .quit)
  }

  @Test("a changed filter of an opened list is reset first, then the list is closed")
  func changedFilter() {
    var app = app("7j", then: [.enter] + Scene.typed("/status:stuck") + [.enter])
    _ = press(.escape, &app)
    #expect(app.view == .sagas && app.filter.text == "node:node-1")
    _ = press(.escape, &app)
    #expect(app.view == .nodes)
  }

  @Test("opening a list does not change the views: filters, marks and cursors")
  func apart() {
    var app = app("2/status:stuck", then: [.enter] + Scene.typed("7j") + [.enter])
    #expect(app.filter.text == "node:node-1")
    _ = press(.character("2"), &app)
    #expect(app.filter.text == "status:stuck")
    _ = press(.character("7"), &app)
    #expect(app.view == .nodes && app.nodes.list.cursor.position == 1)
  }

  @Test("Esc at the bottom resets range, filter and marks one by one, and never quits")
  func escape() {
    var app = app("/o", then: [.enter] + Scene.typed("vj"))
    #expect(app.overview.sagas.isMarkingRange && app.filter.isActive)
    _ = press(.escape, &app)
    #expect(!app.overview.sagas.isMarkingRange && app.filter.isActive)
    _ = press(.escape, &app)
    #expect(!app.filter.isActive && app.overview.hasMarks)
    _ = press(.escape, &app)
    #expect(!app.overview.hasMarks)
    #expect(press(.escape, &app) == nil && app.view == .overview)
  }

  @Test("t switches to the other list of the tab, and the number key returns")
  func siblings() {
    #expect(app("4t1").view == .overview)
    #expect(app("4t14").view == .topics)
    #expect(app("4t144t").view == .groups)
    #expect(app("7t\t").view != .nodes)
  }

  @Test("while frozen, opening another list is refused with a notice; pages can be opened")
  func frozen() {
    let list = app("7z", then: [.enter])
    #expect(list.view == .nodes && list.notice?.text == "frozen: press z to go on first")
    #expect(app("1z", then: [.enter]).titles.count == 1)
  }
}
