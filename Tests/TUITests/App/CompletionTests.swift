import Core
import Testing

@testable import TUI

@Suite("Completion with Tab")
struct CompletionTests {
  private func typed(_ text: String, _ tabs: Int = 1, saved: [String: String] = [:]) -> Prompt? {
    var app = App(header: Fixture().head, size: Size(columns: 120, rows: 40))
    app.savedFilters = saved
    app.refresh(from: Fixture(), now: Fixture.now)
    for key in Scene.typed(text) + Array(repeating: .tab, count: tabs) {
      _ = app.handle(key, now: Fixture.now)
      app.refresh(from: Fixture(), now: Fixture.now)
    }
    return app.prompt
  }

  @Test(
    "words, values, commands, orders, columns and sagas are completed by prefix",
    arguments: [
      ("/stat", "status:"), ("/status:stu", "status:stuck"), ("/!status:stu", "!status:stuck"),
      ("/type:order ste", "type:order step:"), ("/step:pay", "step:payment"), ("/updat", "updated<"),
      (":lock", "locks"), (":sort upd", "sort updated"), (":columns saga,stat", "columns saga,status"),
      (":open 100", "open 100"),
    ])
  func taken(text: String, result: String) {
    let line = typed(text)?.editor.text ?? ""
    #expect(line.hasPrefix(result), "\(line)")
  }

  @Test("repeated Tab cycles through several matches")
  func several() {
    let all = (1...8).compactMap { typed("/status:comp", $0)?.editor.text }
    #expect(all.contains("status:completed") && all.contains("status:compensated"))
    #expect(Set(all).count < all.count)
  }

  @Test("without a match a notice is shown, and the text is unchanged")
  func nothing() {
    let prompt = typed("/zzz")
    #expect(prompt?.editor.text == "zzz" && prompt?.error == "no completion")
  }

  @Test("a named filter of the configuration is recalled by @name")
  func saved() {
    #expect(typed("/@pa", saved: ["paid": "status:completed", "stuck": "status:stuck"])?.editor.text == "@paid")
    var app = App(header: Fixture().head, size: Size(columns: 120, rows: 40))
    app.savedFilters = ["late": "status:stuck"]
    app.refresh(from: Fixture(), now: Fixture.now)
    for key in Scene.typed("/@late") + [.enter] { _ = app.handle(key, now: Fixture.now) }
    #expect(app.frontList.filter.text == "status:stuck")
    for key in Scene.typed("/") + Array(repeating: Key.backspace, count: 12) + Scene.typed("@lat") + [.enter] {
      _ = app.handle(key, now: Fixture.now)
    }
    #expect(
      app.notice?.text.contains("no filter is called `lat`; did you mean `late`?") == true
        || app.notice?.isError == true)
  }
}

@Suite("Stored view settings")
struct ViewPreferencesTests {
  private func app(_ keys: [Key]) -> (App, [Effect]) {
    var app = App(header: Fixture().head, size: Size(columns: 120, rows: 40))
    var effects: [Effect] = []
    app.refresh(from: Fixture(), now: Fixture.now)
    for key in keys {
      if let effect = app.handle(key, now: Fixture.now) { effects.append(effect) }
      app.refresh(from: Fixture(), now: Fixture.now)
    }
    return (app, effects)
  }

  @Test(":columns selects and orders columns and stores them; an unknown name is refused with the known ones")
  func columns() throws {
    let (shown, effects) = app(Scene.typed("2:columns step,saga,updated") + [.enter])
    let title = try #require(shown.frame(glyphs: .unicode).text.split(separator: "\n").first { $0.contains("UPDATED") })
    let places = ["STEP", "SAGA", "UPDATED"].map { title.range(of: $0)?.lowerBound }
    #expect(places.allSatisfy { $0 != nil } && places[0]! < places[1]! && places[1]! < places[2]!)
    #expect(!title.contains("TIMELINE"))
    guard case .remember(let kept)? = effects.last else { return #expect(Bool(false), "\(effects)") }
    #expect(kept.views["sagas"]?.columns == ["step", "saga", "updated"])
    let (_, none) = app(Scene.typed("2:columns nope") + [.enter])
    #expect(none.isEmpty)
  }

  @Test("stored settings are read back, and invalid ones are ignored")
  func text() {
    var preferences = ViewPreferences()
    preferences.views["sagas"] = .init(columns: ["saga", "step"], order: "updated", isReversed: true)
    #expect(ViewPreferences(parsing: preferences.text) == preferences)
    #expect(ViewPreferences(parsing: "[1]") == ViewPreferences())
    #expect(ViewPreferences(parsing: "{\"sagas\":{\"columns\":[1],\"order\":7}}").views["sagas"] == .init())
    var shown = App(header: Fixture().head, size: Size(columns: 120, rows: 40))
    preferences.views["sagas"]?.columns = ["saga", "gone"]
    shown.apply(preferences)
    shown.refresh(from: Fixture(), now: Fixture.now)
    _ = shown.handle(.character("2"), now: Fixture.now)
    #expect(shown.frontList.preference?.columns == ["saga"])
  }
}
