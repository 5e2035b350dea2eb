import Core
import Testing

@testable import TUI

@Suite("The action dialog")
struct ActionDialogTests {
  private static let size = Size(columns: 120, rows: 40)

  /// An app that has handled the keys, with a frame drawn after each key or, without `isDrawn`, none.
  private func app(
    _ keys: [Key], _ control: FixtureControl, source: Fixture = Fixture(), isDrawn: Bool = true
  ) -> App {
    var app = App(header: source.head, size: Self.size, control: control)
    app.refresh(from: source, now: Fixture.now)
    for key in keys {
      #expect(app.handle(key, now: Fixture.now) == nil)
      app.refresh(from: source, now: Fixture.now)
      if isDrawn { app.didDraw() }
    }
    return app
  }

  private func runs(_ control: FixtureControl) -> [ActionConfirmation.Answer] { control.calls.withLock { $0.runs } }

  @Test(
    "only y, or the focused button, sends",
    arguments: [
      ("y", [.yes]), ("Y", [.yes]), ("n", []), ("q", []), ("\r", []), ("\u{1b}", []), ("j", []), ("R", []), (" ", []),
      ("\t\r", [.yes]), ("\t\t\r", []), ("nj", []), ("\u{1b}j", []), ("123\r", []),
    ] as [(String, [ActionConfirmation.Answer])])
  func yes(keys: String, answers: [ActionConfirmation.Answer]) {
    let control = FixtureControl()
    _ = app([.down, .character("R")] + Self.keys(keys), control)
    #expect(runs(control) == answers)
  }

  private static func keys(_ text: String) -> [Key] {
    text.map { character in
      switch character {
      case "\r": .enter
      case "\t": .tab
      case "\u{1b}": .escape
      default: .character(character)
      }
    }
  }

  @Test(
    "a number or word must be typed exactly; y, Enter alone or a paste is not enough",
    arguments: [
      ("300\r", 1), ("30\r", 0), ("3000\r", 0), ("y", 0), ("\r", 0), ("y\r", 0), ("\t\r", 0), ("30\r0\r", 1),
    ])
  func typed(keys: String, count: Int) {
    let control = FixtureControl(count: 300)
    _ = app([.down, .character("R")] + Self.keys(keys), control)
    #expect(runs(control).count == count)
    let pasting = FixtureControl(count: 300)
    _ = app([.down, .character("R"), .pasted("300"), .enter], pasting)
    #expect(runs(pasting).isEmpty)
  }

  @Test("input before the question is drawn confirms nothing")
  func unseen() {
    let control = FixtureControl()
    var app = app([.down, .character("R"), .character("y")], control, isDrawn: false)
    #expect(runs(control).isEmpty)
    app.didDraw()
    _ = app.handle(.character("y"), now: Fixture.now)
    #expect(runs(control) == [.yes])
  }

  @Test(
    "a question that does not fit on the screen cannot be answered, even if it was visible before",
    arguments: [(20, 5), (39, 30), (80, 7), (0, 0)])
  func tooSmall(columns: Int, rows: Int) {
    let control = FixtureControl()
    var app = app([.down], control)
    app.resize(to: Size(columns: columns, rows: rows))
    func press(_ keys: [Key]) {
      for key in keys {
        _ = app.handle(key, now: Fixture.now)
        app.refresh(from: Fixture(), now: Fixture.now)
        app.didDraw()
      }
    }
    press([.character("R"), .character("y"), .tab, .enter])
    #expect(runs(control).isEmpty)
    press([.escape, .character("R")])
    app.resize(to: Self.size)
    // The key was typed before the resized frame was drawn.
    _ = app.handle(.character("y"), now: Fixture.now)
    #expect(runs(control).isEmpty)
    app.didDraw()
    app.resize(to: Size(columns: columns, rows: rows))
    press([.character("y")])
    #expect(runs(control).isEmpty)
    app.resize(to: Self.size)
    app.didDraw()
    #expect(app.frame(glyphs: .unicode).text.contains("retry it? y/N"))
    press([.character("y")])
    #expect(runs(control) == [.yes])
  }

  @Test("an action applies to the marked sagas, otherwise to the one under the cursor or of the open page")
  func selection() {
    func wish(_ keys: [Key]) -> ActionRequest.Selection? {
      let control = FixtureControl()
      _ = app(keys + [.character("R")], control)
      return control.calls.withLock { $0.plans.last?.selection }
    }
    let handles = Fixture.sampleSagas.map { ActionSubject.saga($0.handle) }
    #expect(wish([.down]) == .subjects([handles[1]]))
    #expect(wish([.down, .character(" "), .character(" "), .down]) == .subjects([handles[1], handles[2]]))
    #expect(wish([.down, .down, .enter]) == .subjects([handles[2]]))
    #expect(wish(Scene.typed("3") + [.down, .enter]) == .subjects([handles[5]]))
    #expect(wish(Scene.typed("3")) == nil)
    #expect(wish(Scene.typed("4") + [.enter]) == nil)
  }

  @Test("with a filter, ^A selects all matches, and ^A again only the current one; marks are removed after sending")
  func filter() throws {
    let control = FixtureControl(count: 3)
    let keys = Scene.typed("/status:stuck") + [.enter, .character("R"), .control("a"), .control("a"), .control("a")]
    var app = app(keys, control)
    let wishes = control.calls.withLock { $0.plans.map(\.selection) }
    let filter = try Filter(parsing: "status:stuck", for: SagaRow.vocabulary)
    #expect(wishes.count == 4)
    #expect(wishes[1] == .filter(filter) && wishes[3] == .filter(filter) && wishes[0] == wishes[2])
    _ = app.handle(.character("y"), now: Fixture.now)
    #expect(runs(control) == [.yes])
    #expect(app.overview.sagas.marks.isEmpty)
  }

  @Test("an impossible action shows the reason and no question")
  func impossible() {
    let control = FixtureControl(impossible: [.retry: "read-only"])
    let app = app([.down, .character("R")], control)
    #expect(app.dialog == nil)
    #expect(app.notice?.text == "retry: read-only")
    #expect(control.calls.withLock { $0.plans }.isEmpty)
  }

  @Test("without a saga, the action keys stay and show the reason")
  func nothing() {
    let control = FixtureControl()
    let app = app([.character("R")], control, source: Fixture(sagas: []))
    #expect(app.notice?.text == "retry: there is no saga here")
    #expect(app.availability[.compensate] == .impossible("there is no saga here"))
  }

  @Test("actions are refused while the picture is frozen, and without an executor")
  func frozen() {
    let control = FixtureControl()
    #expect(app([.character("z"), .character("R")], control).dialog == nil)
    var bare = App(header: Fixture().head, size: Self.size)
    bare.refresh(from: Fixture(), now: Fixture.now)
    #expect(bare.handle(.character("R"), now: Fixture.now) == nil)
    #expect(bare.dialog == nil && bare.notice?.isError == true)
  }

  @Test("during a run, c cancels unsent requests; Esc closes the dialog and the run continues")
  func running() {
    let control = FixtureControl(count: 12)
    let app = app(Scene.typed("jRyc") + [.escape], control)
    #expect(control.calls.withLock { $0.cancelled } == ["2026-01-27-a1"])
    #expect(app.dialog == nil)
  }

  @Test("q asks for confirmation while requests are unsent")
  func quitting() {
    let control = FixtureControl(count: 10)
    let busy = Fixture(
      done: Fixture.sampleActions.map { record in
        var record = record
        record.intent = "2026-01-27-a1"
        return record
      })
    var app = app(Scene.typed("jRy") + [.escape, .character("q")], control, source: busy)
    #expect(app.notice?.text == "2 not sent yet: q again quits and cancels them")
    _ = app.handle(.character("j"), now: Fixture.now)
    #expect(app.handle(.character("q"), now: Fixture.now) == nil)
    #expect(app.handle(.character("q"), now: Fixture.now) == .quit)
  }

  @Test("in the actions view c cancels unsent requests of the plan under the cursor; ^L and ^Z work over a dialog")
  func leaving() {
    let control = FixtureControl()
    var app = app(Scene.typed("9jjjc"), control, source: Fixture(done: Fixture.sampleActions))
    #expect(control.calls.withLock { $0.cancelled } == ["2026-01-27-a1"])
    for key in Scene.typed("1jR") { _ = app.handle(key, now: Fixture.now) }
    app.refresh(from: Fixture(), now: Fixture.now)
    #expect(app.handle(.control("l"), now: Fixture.now) == .redraw)
    #expect(app.handle(.control("z"), now: Fixture.now) == .suspend)
  }

  @Test("a key overrides exclusions, and the new question requires more to type")
  func insisted() {
    let left = ActionPlan.Exclusion(id: "9", reason: "retry of bob is under way", insist: .again)
    let control = FixtureControl(
      refusal: ActionRefusal(.nothingToDo, "9: retry of bob is under way", exclusions: [left]))
    let refused = app([.down, .character("R")], control)
    #expect(refused.frame(glyphs: .unicode).text.contains("^G include 1 that were sent before"))
    _ = app([.down, .character("R"), .control("n"), .control("g"), .control("g")], control)
    #expect(control.calls.withLock { $0.plans.map(\.again) } == [false, false, true])
    #expect(control.calls.withLock { $0.plans.allSatisfy { !$0.newKey } })
    let worried = FixtureControl(concerns: [.oldPicture("kafka is down"), .again(1)])
    let asked = app([.down, .character("R")], worried).frame(glyphs: .unicode).text
    #expect(asked.contains("type old picture again to retry:"))
    #expect(asked.contains("kafka is down: what is shown may be over") && asked.contains("1 had it done already"))
    _ = app([.down, .character("R")] + Self.keys("y\rold picture\r"), worried)
    #expect(runs(worried).isEmpty)
    _ = app([.down, .character("R")] + Self.keys("old picture again\r"), worried)
    #expect(runs(worried) == [.typed("old picture again")])
  }

  @Test("a paused run shows the reason, in the dialog and after it was closed, and g resumes it")
  func paused() {
    let control = FixtureControl(count: 300)
    control.calls.withLock { $0.pause = "5 in a row were refused: 409: busy" }
    let keys = [Key.down, .character("R")] + Self.keys("300\r")
    let running = app(keys, control)
    let text = running.frame(glyphs: .unicode).text
    #expect(text.contains("paused: 5 in a row were refused: 409: busy") && text.contains("g go on"))
    let closed = app(keys + [.escape], control).frame(glyphs: .unicode).text
    #expect(closed.contains("paused (9, p goes on): 5 in a row were refused"))
    _ = app(keys + [.character("g")], control)
    #expect(control.calls.withLock { $0.resumed } == ["2026-01-27-a1"])
    #expect(app(keys + [.escape], control).frame(glyphs: .unicode).text.contains("300 to send (9)"))
  }

  @Test("the whole plan can be read before the question: totals, and every subject by scrolling")
  func whole() {
    let control = FixtureControl(count: 300)
    let keys = [Key.down, .character("R")]
    #expect(app(keys, control).frame(glyphs: .unicode).text.contains("step: inventory 150, payment 150"))
    let bottom = app(keys + Array(repeating: .pageDown, count: 40), control).frame(glyphs: .unicode).text
    #expect(bottom.contains("3006: the saga has completed"))
    let middle = (0..<40).contains { count in
      app(keys + Array(repeating: .pageDown, count: count), control).frame(glyphs: .unicode).text.contains("2299 ")
    }
    #expect(middle)
  }

  @Test("a typed command contains the reason")
  func reason() {
    let control = FixtureControl()
    _ = app(Scene.typed(":retry gateway is back") + [.enter], control)
    #expect(control.calls.withLock { $0.plans.map(\.reason) } == ["gateway is back"])
  }

  @Test(
    "locks, dead letters and sagas have different keys",
    arguments: [("5E", "release-lock"), ("3D", "redrive"), ("X", "give-up"), ("C", "compensate")])
  func letters(keys: String, action: String) {
    let control = FixtureControl()
    _ = app(Scene.typed(keys), control, source: .locked())
    #expect(control.calls.withLock { $0.plans.map(\.action.rawValue) } == [action])
  }

  @Test("a late refusal is shown, and nothing runs")
  func refusedLate() {
    let control = FixtureControl(refusal: ActionRefusal(.audit, "the audit log cannot be written: no space left"))
    let app = app(Scene.typed("jR"), control)
    #expect(app.frame(glyphs: .unicode).text.contains("nothing is sent: the audit log cannot be written"))
  }

  @Test("an action's page leads to its saga, and a saga's page to its actions")
  func pages() {
    var source = Fixture(done: Fixture.sampleActions)
    source.done.removeAll { $0.subject != Fixture.uuid }
    var app = app(Scene.typed("9") + [.enter, .down, .enter], FixtureControl(), source: source)
    #expect(app.titles == ["action on \(Fixture.uuid)", "saga \(Fixture.uuid)"])
    for key in [Key.end, .enter] {
      _ = app.handle(key, now: Fixture.now)
      app.refresh(from: source, now: Fixture.now)
    }
    #expect(app.titles.last == "action on \(Fixture.uuid)")
  }

  @Test("the cursor stays on its action while others are added")
  func following() {
    var source = Fixture(done: Fixture.sampleActions)
    var app = app(Scene.typed("9jj"), FixtureControl(), source: source)
    let before = app.actions.list.selected?.id
    var newer = Fixture.sampleActions[0]
    newer.intent = "newer"
    source.done.insert(newer, at: 0)
    app.refresh(from: source, now: Fixture.now)
    #expect(app.actions.list.selected?.id == before)
    #expect(before != nil)
  }
}
