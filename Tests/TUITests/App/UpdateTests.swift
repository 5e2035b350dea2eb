import Core
import Testing

@testable import TUI

@Suite("Effects of keys")
struct UpdateTests {
  private static let size = Size(columns: 100, rows: 30)

  private func app(_ keys: [Key], source: Fixture = Fixture(), size: Size = UpdateTests.size) -> App {
    Scene("", keys, source: source).app(size: size)
  }

  private static func typed(_ text: String) -> [Key] { Scene.typed(text) }

  @Test(
    "number keys, Tab and :name select views",
    arguments: [
      ([.character("2")], .sagas), ([.character("3")], .events), ([.tab], .sagas),
      ([.tab, .tab, .tab, .tab], .locks), ([.tab, .tab, .tab, .tab, .tab, .tab], .nodes),
      ([.backTab], .actions), ([.backTab, .backTab], .compensations), ([.character("6")], .services),
      ([.character("7")], .nodes), ([.character("8")], .compensations),
      (typed(":serv") + [.enter], .services), ([.character("4")], .groups), (typed(":lag") + [.enter], .groups),
      (typed(":topics") + [.enter], .topics), (typed(":sort drain") + [.enter], .groups),
      (typed(":events") + [.enter], .events), ([.enter, .character("3")], .events),
    ] as [([Key], ViewID)])
  func views(keys: [Key], view: ViewID) {
    let app = app(keys)
    #expect(app.view == view)
    #expect(app.pages.isEmpty)
  }

  @Test(
    "keys and commands for the last hour request a time of it",
    arguments: [
      (typed("["), .back), (typed("]"), .forward), (typed("L"), .live), (typed(":past") + [.enter], .back),
      (typed(":past 10m") + [.enter], .to("10m")), (typed(":live") + [.enter], .live),
    ] as [([Key], PastCommand)])
  func past(keys: [Key], step: PastCommand) {
    var app = app(Array(keys.dropLast()))
    #expect(app.handle(keys[keys.count - 1], now: Fixture.now) == .past(step))
  }

  @Test(
    "actions and current data are refused while the past is shown",
    arguments: ["R", "C", "X", "D", "E", ":retry why not\n", ":ready\n"])
  func refusedInPast(keys: String) {
    let app = Scene.past("", Self.typed(keys).map { $0 == .character("\n") ? .enter : $0 }).app(size: Self.size)
    #expect(app.dialog == nil)
    let notice = app.notice?.text ?? ""
    #expect(notice.hasPrefix("this is the past: press L") || notice.contains("does nothing here"))
  }

  @Test("the past can be filtered and sorted and does not change; reloading the configuration is refused")
  func worksInPast() {
    var app = Scene.past("", Self.typed("2/type:order") + [.enter] + Self.typed(">z")).app(size: Self.size)
    #expect(app.filter.text == "type:order" && app.frozenAt == nil && !app.isIdle)
    #expect(app.notice?.text == "the past does not move: L returns to live")
    #expect(app.status.header.now == Fixture.now - .seconds(720))
    app.show(past: nil)
    app.refresh(from: Fixture(), now: Fixture.now)
    #expect(app.status.header.now == Fixture.now && app.status.past == nil && app.filter.text == "type:order")
  }

  @Test(
    "movement keys move the cursor",
    arguments: [
      ("j", 1), ("jj", 2), ("jjk", 1), ("k", 0), ("G", 8), ("Gg", 0), ("jjjg", 0),
    ])
  func movement(keys: String, position: Int) {
    #expect(app(Self.typed(keys)).overview.list.cursor.position == position)
  }

  @Test(
    "page keys move by the visible height",
    arguments: [([Key.pageDown], 2), ([.pageDown, .pageUp], 0), ([.control("d")], 1), ([.end, .control("u")], 7)])
  func pages(keys: [Key], position: Int) {
    let app = app(keys, size: Size(columns: 60, rows: 10))
    #expect(app.overview.list.cursor.position == position)
  }

  @Test("Enter opens the saga under the cursor, Esc and q go back, then q quits")
  func stack() {
    var app = app([.down, .enter])
    #expect(app.titles == ["saga \(Fixture.uuid)"])
    #expect(app.handle(.escape, now: Fixture.now) == nil)
    #expect(app.pages.isEmpty)
    #expect(app.overview.list.cursor.position == 1)
    app.refresh(from: Fixture(), now: Fixture.now)
    #expect(app.handle(.enter, now: Fixture.now) == nil)
    #expect(app.handle(.character("q"), now: Fixture.now) == nil)
    #expect(app.handle(.character("q"), now: Fixture.now) == .quit)
  }

  @Test(
    "tasks of the program are returned as effects",
    arguments: [
      ([.control("z")], .suspend), ([.control("l")], .redraw),
      ([.character("m")], .toggleMouse), ([.character("y")], .copy("1004")),
      ([.enter, .character("y")], .copy("1004")),
      ([.character("3"), .character("y")], .copy("c01d77f0-1b1b-4c4c-8d8d-9e9e9e9e77f0")),
      (typed(":q") + [.enter], .quit),
      ([.enter] + typed(":q") + [.enter], .quit),
    ] as [([Key], Effect)])
  func effects(keys: [Key], effect: Effect) {
    var app = app(Array(keys.dropLast()))
    #expect(app.handle(keys[keys.count - 1], now: Fixture.now) == effect)
  }

  @Test("copying shows what was copied")
  func copied() {
    #expect(app([.character("y")]).notice?.text == "sent to the terminal (tmux: set-clipboard on): 1004")
  }

  @Test("a filter applies while it is typed; Enter keeps it, Esc restores the old one")
  func filter() {
    var state = app(Self.typed("/status:stuck"))
    #expect(state.filter.text == "status:stuck")
    #expect(state.prompt != nil)
    state = app(Self.typed("/status:stuck") + [.enter])
    #expect(state.filter.text == "status:stuck")
    #expect(state.prompt == nil)
    state = app(Self.typed("/one") + [.enter] + Self.typed("/two") + [.escape])
    #expect(state.filter.text == "one")
    state = app(Self.typed("/one") + [.enter, .escape])
    #expect(!state.filter.isActive)
  }

  @Test("an invalid filter shows an error, and the last valid one stays active")
  func filterError() {
    let state = app(Self.typed("/a nodes:x"))
    #expect(state.prompt?.error?.hasPrefix("column 3: sagas have no word `nodes`; did you mean `node`?") == true)
    #expect(state.filter.text == "a nodes")
    let accepted = app(Self.typed("/nodes:x") + [.enter])
    #expect(accepted.notice?.isError == true)
  }

  @Test("n and N go through the matches")
  func matches() {
    #expect(app(Self.typed("nn")).overview.list.cursor.position == 2)
    #expect(app(Self.typed("nnN")).overview.list.cursor.position == 1)
  }

  @Test(
    "the order of the list can be changed",
    arguments: [
      (">", .id, false), ("><", .severity, false), ("<", .started, false), ("I", .severity, true),
      ("II", .severity, false),
    ] as [(String, SagaOrder, Bool)])
  func sort(keys: String, order: SagaOrder, isReversed: Bool) {
    let list = app(Self.typed(keys)).overview.list
    #expect(list.order == order)
    #expect(list.isReversed == isReversed)
    #expect(app(Self.typed(":sort updated") + [.enter]).overview.list.order == .updated)
  }

  @Test("Space marks and moves on, v marks a range, U removes all marks")
  func marks() {
    #expect(app(Self.typed("  ")).overview.sagas.marks.count == 2)
    #expect(app(Self.typed(" k ")).overview.sagas.marks.isEmpty)
    #expect(app(Self.typed("vjjjv")).overview.sagas.marks.count == 4)
    #expect(app(Self.typed("vjjvj")).overview.sagas.marks.count == 3)
    #expect(app(Self.typed("vjjU")).overview.sagas.marks.isEmpty)
    let jumped = app(Self.typed("vjG"))
    #expect(jumped.overview.sagas.marks.count == 2, "what was never on the screen is not marked")
    #expect(jumped.notice?.isError == true)
  }

  @Test("a notice disappears after some time or with the next key")
  func notices() {
    var app = app(Self.typed(":nonsense") + [.enter])
    #expect(app.notice != nil)
    app.refresh(from: Fixture(), now: Fixture.now + .seconds(60))
    #expect(app.notice == nil)
    app = self.app(Self.typed(":nonsense") + [.enter, .down])
    #expect(app.notice == nil)
  }

  @Test("a frozen picture does not change while the system does")
  func freeze() {
    var app = app([.down, .character("z")])
    let frozen = app.frame(glyphs: .unicode).text
    var later = Fixture()
    later.sagas.reverse()
    app.refresh(from: later, now: Fixture.now + .seconds(9))
    app.refresh(from: later, now: Fixture.now + .seconds(10))
    #expect(app.frame(glyphs: .unicode).text == frozen)
    #expect(frozen.contains("frozen 10:03:22"))
    _ = app.handle(.character(">"), now: Fixture.now)
    #expect(app.overview.list.order == .severity)
    #expect(app.notice?.text == "frozen: press z to go on first")
    _ = app.handle(.character("z"), now: Fixture.now)
    app.refresh(from: later, now: Fixture.now + .seconds(11))
    #expect(app.frame(glyphs: .unicode).text.contains("10:03:33"))
  }

  @Test("an event's payload expands, its objects collapse, and h goes back")
  func folding() {
    let expanded: [Key] = [.down, .down, .enter, .end, .up, .enter]
    let lines = app(expanded).frame(glyphs: .unicode).text
    #expect(lines.contains(#""amount": 12345678901234567890.10,"#))
    let toObject = expanded + Array(repeating: Key.down, count: 5)
    let folded = app(toObject + [.character("h")])
    #expect(folded.frame(glyphs: .unicode).text.contains("{ … 18 lines"))
    #expect(!folded.frame(glyphs: .unicode).text.contains("amount"))
    #expect(app(toObject + [.character("h"), .character("l")]).frame(glyphs: .unicode).text.contains("amount"))
    let back = app(toObject + [.character("h"), .character("h"), .character("h")])
    #expect(back.pages.last?.document.toggled.contains { if case .event = $0 { true } else { false } } == false)
    #expect(app(toObject + Array(repeating: .character("h"), count: 4)).pages.isEmpty)
  }

  @Test("the position in a page is kept while its saga gets events")
  func place() {
    var source = Fixture()
    var app = app([.down, .down, .enter, .end])
    let before = app.pages.last?.document.cursor
    source.sagas[2].steps[2].attempts.append(.init(startedAt: Fixture.now, node: "node-1"))
    let more = source.latest[3]
    for offset in 0..<5 {
      var event = more
      event.offset = Int64(offset)
      source.latest.append(event)
    }
    app.refresh(from: source, now: Fixture.now + .seconds(1))
    #expect(app.pages.last?.document.cursor == before)
  }

  @Test("the page of a dropped saga says so")
  func gone() {
    var source = Fixture()
    var app = app([.enter])
    source.sagas.removeFirst()
    app.refresh(from: source, now: Fixture.now)
    #expect(app.frame(glyphs: .unicode).text.contains("no longer stored"))
  }
}
