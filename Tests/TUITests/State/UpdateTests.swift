import Core
import Testing

@testable import TUI

@Suite("What keys do")
struct UpdateTests {
  private static let size = Size(columns: 100, rows: 30)

  private func session(_ keys: [Key], source: Fixture = Fixture(), size: Size = UpdateTests.size) -> Session {
    Scene("", keys, source: source).session(size: size)
  }

  private static func typed(_ text: String) -> [Key] { Scene.typed(text) }

  @Test(
    "number keys, Tab and :name show the views",
    arguments: [
      ([.character("2")], .sagas), ([.character("3")], .events), ([.tab], .sagas),
      ([.tab, .tab, .tab, .tab], .locks), ([.tab, .tab, .tab, .tab, .tab, .tab], .nodes),
      ([.backTab], .actions), ([.backTab, .backTab], .compensations), ([.character("6")], .services),
      ([.character("7")], .nodes), ([.character("8")], .compensations),
      (typed(":serv") + [.enter], .services), ([.character("4")], .lag), (typed(":lag") + [.enter], .lag),
      (typed(":topics") + [.enter], .lag), (typed(":sort drain") + [.enter], .lag),
      (typed(":events") + [.enter], .events), ([.enter, .character("3")], .events),
    ] as [([Key], ViewID)])
  func views(keys: [Key], view: ViewID) {
    let state = session(keys).state
    #expect(state.view == view)
    #expect(state.pages.isEmpty)
  }

  @Test(
    "movement keys move the cursor",
    arguments: [
      ("j", 1), ("jj", 2), ("jjk", 1), ("k", 0), ("G", 8), ("Gg", 0), ("jjjg", 0),
    ])
  func movement(keys: String, position: Int) {
    #expect(session(Self.typed(keys)).state.overview.cursor.position == position)
  }

  @Test(
    "page keys move by what is seen",
    arguments: [([Key.pageDown], 3), ([.pageDown, .pageUp], 0), ([.control("d")], 1), ([.end, .control("u")], 7)])
  func pages(keys: [Key], position: Int) {
    let state = session(keys, size: Size(columns: 60, rows: 10)).state
    #expect(state.overview.cursor.position == position)
  }

  @Test("Enter opens the saga under the cursor, Esc and q go back, then q quits")
  func stack() {
    var session = session([.down, .enter])
    #expect(session.state.pages.map(\.title) == ["saga \(Fixture.uuid)"])
    #expect(session.content.saga?.row.id == Fixture.uuid)
    #expect(session.handle(.escape, now: Fixture.now) == nil)
    #expect(session.state.pages.isEmpty)
    #expect(session.state.overview.cursor.position == 1)
    session.refresh(from: Fixture(), now: Fixture.now)
    #expect(session.handle(.enter, now: Fixture.now) == nil)
    #expect(session.handle(.character("q"), now: Fixture.now) == nil)
    #expect(session.handle(.character("q"), now: Fixture.now) == .quit)
  }

  @Test(
    "what the program must do is handed out as an intent",
    arguments: [
      ([.control("z")], .suspend), ([.control("l")], .redraw), ([.character("T")], .nextTheme),
      ([.character("m")], .toggleMouse), ([.character("y")], .copy("1004")),
      ([.enter, .character("y")], .copy("1004")),
      ([.character("3"), .character("y")], .copy("c01d77f0-1b1b-4c4c-8d8d-9e9e9e9e77f0")),
      (typed(":q") + [.enter], .quit), (typed(":theme") + [.enter], .nextTheme),
      ([.enter] + typed(":q") + [.enter], .quit),
    ] as [([Key], Intent)])
  func intents(keys: [Key], intent: Intent) {
    var session = session(Array(keys.dropLast()))
    #expect(session.handle(keys[keys.count - 1], now: Fixture.now) == intent)
  }

  @Test("copying says what was copied")
  func copied() {
    #expect(session([.character("y")]).state.notice?.text == "copied 1004")
  }

  @Test("a filter acts while it is typed; Enter keeps it, Esc brings the old one back")
  func filter() {
    var state = session(Self.typed("/status:st")).state
    #expect(state.filter.text == "status:st")
    #expect(state.prompt != nil)
    state = session(Self.typed("/status:st") + [.enter]).state
    #expect(state.filter.text == "status:st")
    #expect(state.prompt == nil)
    state = session(Self.typed("/one") + [.enter] + Self.typed("/two") + [.escape]).state
    #expect(state.filter.text == "one")
    state = session(Self.typed("/one") + [.enter, .escape]).state
    #expect(!state.filter.isActive)
  }

  @Test("a filter that cannot be understood says so and leaves the last one that could")
  func filterError() {
    let state = session(Self.typed("/a nodes:x")).state
    #expect(state.prompt?.error?.contains("unknown field `nodes`") == true)
    #expect(state.filter.text == "a nodes")
    let accepted = session(Self.typed("/nodes:x") + [.enter]).state
    #expect(accepted.notice?.isError == true)
  }

  @Test("n and N go through what matches")
  func matches() {
    #expect(session(Self.typed("nn")).state.overview.cursor.position == 2)
    #expect(session(Self.typed("nnN")).state.overview.cursor.position == 1)
  }

  @Test(
    "the order of the list can be changed",
    arguments: [
      (">", .id, false), ("><", .severity, false), ("<", .started, false), ("I", .severity, true),
      ("II", .severity, false),
    ] as [(String, SagaOrder, Bool)])
  func sort(keys: String, order: SagaOrder, isReversed: Bool) {
    let list = session(Self.typed(keys)).state.overview
    #expect(list.order == order)
    #expect(list.isReversed == isReversed)
    #expect(session(Self.typed(":sort updated") + [.enter]).state.overview.order == .updated)
  }

  @Test("Space marks and goes on, v marks what is passed, U takes all away")
  func marks() {
    #expect(session(Self.typed("  ")).state.marks.count == 2)
    #expect(session(Self.typed(" k ")).state.marks.isEmpty)
    #expect(session(Self.typed("vjjjv")).state.marks.count == 4)
    #expect(session(Self.typed("vjjvj")).state.marks.count == 3)
    #expect(session(Self.typed("vjjU")).state.marks.isEmpty)
    let jumped = session(Self.typed("vjG")).state
    #expect(jumped.marks.count == 2, "what was never on the screen is not marked")
    #expect(jumped.notice?.isError == true)
  }

  @Test("a notice goes away by itself, and by the next key")
  func notices() {
    var session = session(Self.typed(":nonsense") + [.enter])
    #expect(session.state.notice != nil)
    session.refresh(from: Fixture(), now: Fixture.now + .seconds(60))
    #expect(session.state.notice == nil)
    session = self.session(Self.typed(":nonsense") + [.enter, .down])
    #expect(session.state.notice == nil)
  }

  @Test("while frozen the picture stands still though the system goes on")
  func freeze() {
    var session = session([.down, .character("z")])
    let frozen = session.frame(glyphs: .unicode).text
    var later = Fixture()
    later.sagas.reverse()
    session.refresh(from: later, now: Fixture.now + .seconds(9))
    session.refresh(from: later, now: Fixture.now + .seconds(10))
    #expect(session.frame(glyphs: .unicode).text == frozen)
    #expect(frozen.contains("frozen 10:03:22"))
    _ = session.handle(.character(">"), now: Fixture.now)
    #expect(session.state.overview.order == .severity)
    #expect(session.state.notice?.text == "frozen: press z to go on first")
    _ = session.handle(.character("z"), now: Fixture.now)
    session.refresh(from: later, now: Fixture.now + .seconds(11))
    #expect(session.frame(glyphs: .unicode).text.contains("10:03:33"))
  }

  @Test("an event's payload unfolds, its objects fold, and h leads out again")
  func folding() {
    let expanded: [Key] = [.down, .down, .enter, .end, .up, .enter]
    let lines = session(expanded).frame(glyphs: .unicode).text
    #expect(lines.contains(#""amount": 12345678901234567890.10,"#))
    let toObject = expanded + Array(repeating: Key.down, count: 5)
    let folded = session(toObject + [.character("h")])
    #expect(folded.frame(glyphs: .unicode).text.contains("{ … 18 lines"))
    #expect(!folded.frame(glyphs: .unicode).text.contains("amount"))
    #expect(session(toObject + [.character("h"), .character("l")]).frame(glyphs: .unicode).text.contains("amount"))
    let back = session(toObject + [.character("h"), .character("h"), .character("h")])
    #expect(back.state.pages.last?.document.expanded.isEmpty == true)
    #expect(session(toObject + Array(repeating: .character("h"), count: 4)).state.pages.isEmpty)
  }

  @Test("the place in a page is kept while its saga gains events")
  func place() {
    var source = Fixture()
    var session = session([.down, .down, .enter, .end])
    let before = session.state.pages.last?.document.cursor
    source.sagas[2].steps[2].attempts.append(.init(startedAt: Fixture.now, node: "node-1"))
    let more = source.latest[3]
    for offset in 0..<5 {
      var event = more
      event.offset = Int64(offset)
      source.latest.append(event)
    }
    session.refresh(from: source, now: Fixture.now + .seconds(1))
    #expect(session.state.pages.last?.document.cursor == before)
  }

  @Test("a saga that is no longer kept says so on its page")
  func gone() {
    var source = Fixture()
    var session = session([.enter])
    source.sagas.removeFirst()
    session.refresh(from: source, now: Fixture.now)
    #expect(session.frame(glyphs: .unicode).text.contains("no longer kept"))
  }
}
