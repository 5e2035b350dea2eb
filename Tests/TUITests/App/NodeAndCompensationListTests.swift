import Core
import Testing

@testable import TUI

@Suite("Lists of nodes, compensations and failure patterns")
struct NodeAndCompensationListTests {
  private static let size = Size(columns: 100, rows: 30)

  private static func app(_ keys: String, _ source: Fixture = Fixture()) -> App {
    var app = App(header: source.head, size: size)
    app.refresh(from: source, now: Fixture.now)
    for key in keys {
      _ = app.handle(key == "\n" ? .enter : .character(key), now: Fixture.now)
      app.refresh(from: source, now: Fixture.now)
    }
    return app
  }

  @Test("Enter on a compensation opens its saga")
  func saga() {
    let app = Self.app("8j\n")
    #expect(app.titles == ["saga 8851"])
    #expect((app.frontPage as? SagaPage)?.handle == SagaHandle(slot: 1, generation: 1))
  }

  @Test("Enter on a pattern lists its sagas, so that actions apply to them")
  func pattern() {
    let app = Self.app("8tjj\n")
    #expect(app.view == .sagas)
    #expect(app.pages.isEmpty)
    let pattern = Fixture.sampleFailures[2].pattern
    #expect(app.filter.filter.terms.map(\.test) == [.equals(Array(pattern.utf8))])
  }

  @Test("Enter on a node lists its sagas; on a member it opens the group")
  func node() {
    #expect(Self.app("7j\n").filter.text == "node:node-1")
    #expect(Self.app("7t\n").titles == ["group inventory-service"])
    #expect(Self.app("7\n", Fixture(nodeView: Fixture.memberNodes)).titles == ["group inventory-service"])
  }

  @Test(
    "t switches to the other list and back",
    arguments: [
      ("8", ViewID.compensations), ("8t", .patterns), ("8tt", .compensations), ("7", .nodes), ("7t", .members),
      ("7tt", .nodes), ("1:patterns\n", .patterns), ("1:members\n", .members),
    ])
  func toggle(keys: String, view: ViewID) {
    #expect(Self.app(keys).view == view)
  }

  @Test(
    "each list is sorted by keys and commands",
    arguments: [
      ("8>", "id"), ("8<", "error"), ("8>I", "id, reversed"), ("8:sort duration\n", "duration"), ("8t>", "rate"),
      ("8tI", "count, reversed"), ("8t:sort last\n", "last"), ("8t>:sort count\n", "count"), ("8t:sort rate\n", "rate"),
      ("7>:sort severity\n", "severity"), ("7:sort share\n", "share"), ("8>:sort severity\n", "severity"),
      ("7t>", "client"), ("9>", "action"), ("4t>", "name"),
      ("2:sort last\n", "last"), ("7>", "node"), ("7:sort node\n", "node"),
    ])
  func sorting(keys: String, order: String) {
    #expect(Self.app(keys).order == order)
  }

  @Test("a frozen list does not change, and its rows can be opened")
  func frozen() {
    var source = Fixture()
    var app = Self.app("8z", source)
    source.rollBacks = []
    app.refresh(from: source, now: Fixture.now)
    #expect(app.compensations.list.rows.count == Fixture.sampleRollBacks.count)
    _ = app.handle(.enter, now: Fixture.now)
    #expect(app.pages.count == 1)
  }

  @Test("the cursor follows its compensation when others are inserted before it")
  func following() {
    var source = Fixture()
    var app = Self.app("8jj", source)
    source.rollBacks.swapAt(0, 2)
    app.refresh(from: source, now: Fixture.now)
    #expect(app.compensations.list.selected?.sagaID == "8902")
  }
}
