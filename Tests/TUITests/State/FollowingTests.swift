import Core
import Testing

@testable import TUI

@Suite("Lists that move")
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

  @Test("new events push the rows down, and the cursor stays on its event", arguments: [1, 5, 40, 150])
  func events(count: Int) {
    var session = Scene("", [.character("3"), .down, .down]).session(size: Self.size)
    let event = session.state.events.cursor.id
    #expect(event != nil)
    let source = arriving(count, into: Fixture())
    session.refresh(from: source, now: Fixture.now)
    #expect(session.state.events.cursor.id == event)
    #expect(session.state.events.cursor.position == 2 + count)
    #expect(session.state.selectedEvent(in: session.content).map { EventID($0) } == event)
  }

  @Test("a cursor that was not moved stays on the newest event")
  func newest() {
    var session = Scene("", [.character("3")]).session(size: Self.size)
    session.refresh(from: arriving(3, into: Fixture()), now: Fixture.now)
    #expect(session.state.events.cursor.position == 0)
    #expect(session.content.events.offset == 0)
  }

  @Test("the cursor stays on its saga when the order changes")
  func sagas() {
    var source = Fixture()
    var session = Scene("", [.down, .down]).session(size: Self.size)
    let saga = session.state.selectedSaga(in: session.content)?.id
    source.sagas.swapAt(2, 7)
    source.sagas.remove(at: 0)
    session.refresh(from: source, now: Fixture.now)
    #expect(session.state.selectedSaga(in: session.content)?.id == saga)
    #expect(session.state.overview.cursor.position == 6)
  }
}
