import Core
import Testing

@testable import TUI

@Suite("Lists with changing rows")
struct FollowingTests {
  private static let size = Size(columns: 80, rows: 24)

  private func arriving(_ count: Int, into source: Fixture) -> Fixture {
    var source = source
    let new = (0..<count).map { number in
      var event = source.latest[0]
      event.offset = Int64(1_000_000 + source.latest.count + number)
      return event
    }
    source.latest = new + source.latest
    return source
  }

  @Test("new events move rows down, and the cursor stays on its event", arguments: [1, 5, 40, 150])
  func events(count: Int) {
    var app = Scene("", [.character("3"), .down, .down]).app(size: Self.size)
    let event = app.events.list.cursor.id
    #expect(event != nil)
    let source = arriving(count, into: Fixture())
    app.refresh(from: source, now: Fixture.now)
    #expect(app.events.list.cursor.id == event)
    #expect(app.events.list.cursor.position == 2 + count)
    #expect(app.events.list.selected.map { EventID($0) } == event)
  }

  @Test("an unmoved cursor stays on the newest event")
  func newest() {
    var app = Scene("", [.character("3")]).app(size: Self.size)
    app.refresh(from: arriving(3, into: Fixture()), now: Fixture.now)
    #expect(app.events.list.cursor.position == 0)
    #expect(app.events.list.offset == 0)
  }

  @Test("the row shows whether the cursor follows it or stays at the top")
  func glyph() {
    for (keys, glyph) in [([Key](), "▷"), ([.down], "▶"), ([.down, .up], "▷")] {
      let rows = Scene("", keys).frame(size: Self.size, glyphs: .unicode).textRows
      #expect(rows.contains { $0.hasPrefix(glyph) }, "\(keys)")
    }
  }

  @Test("the cursor stays on its saga when the order changes")
  func sagas() {
    var source = Fixture()
    var app = Scene("", [.down, .down]).app(size: Self.size)
    let saga = app.overview.list.selected?.id
    source.sagas.swapAt(2, 7)
    source.sagas.remove(at: 0)
    app.refresh(from: source, now: Fixture.now)
    #expect(app.overview.list.selected?.id == saga)
    #expect(app.overview.list.cursor.position == 6)
  }
}
