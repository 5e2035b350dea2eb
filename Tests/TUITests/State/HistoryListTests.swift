import Core
import Testing

@testable import TUI

@Suite("The lists of nodes, roll-backs and failure patterns")
struct HistoryListTests {
  private static let size = Size(columns: 100, rows: 30)

  private static func session(_ keys: String, _ source: Fixture = Fixture()) -> Session {
    var session = Session(header: source.head, size: size)
    session.refresh(from: source, now: Fixture.now)
    for key in keys {
      _ = session.handle(key == "\n" ? .enter : .character(key), now: Fixture.now)
      session.refresh(from: source, now: Fixture.now)
    }
    return session
  }

  @Test("Enter on a roll-back opens its saga")
  func saga() {
    let session = Self.session("8j\n")
    #expect(session.state.pages.map(\.subject) == [.saga(SagaHandle(slot: 1, generation: 1), id: "8851")])
  }

  @Test("Enter on a pattern lists its sagas, so that the list's actions apply")
  func pattern() {
    let session = Self.session("8tjj\n")
    #expect(session.state.view == .sagas)
    #expect(session.state.pages.isEmpty)
    let pattern = Fixture.sampleFailures[2].pattern
    #expect(session.state.sagas.filter.filter.terms.map(\.condition) == [.hasPattern(pattern)])
  }

  @Test("Enter on a node lists its sagas; on a member it opens the group")
  func node() {
    #expect(Self.session("7j\n").state.sagas.filter.text == "node:node-1")
    let page = Self.session("7t\n").state.pages.last?.subject
    #expect(page == .group("inventory-service"))
    let standIn = Self.session("7\n", Fixture(nodeView: Fixture.memberNodes)).state.pages.last?.subject
    #expect(standIn == .group("inventory-service"))
  }

  @Test(
    "t goes to the other list and back",
    arguments: [
      ("8", KeyTable.Scope.compensations), ("8t", .patterns), ("8tt", .compensations), ("7", .nodes), ("7t", .members),
      ("7tt", .nodes), ("1:patterns\n", .patterns), ("1:members\n", .members),
    ])
  func toggle(keys: String, scope: KeyTable.Scope) {
    #expect(Self.session(keys).state.scope == scope)
  }

  @Test(
    "each list is sorted by keys and by command",
    arguments: [
      ("8>", "id"), ("8<", "error"), ("8>I", "id, reversed"), ("8:sort duration\n", "duration"), ("8t>", "rate"),
      ("8tI", "count, reversed"), ("8t:sort last\n", "last"), ("8t>:sort count\n", "count"), ("8t:sort rate\n", "rate"),
      ("2:sort share\n", "share"),
      ("2:sort last\n", "last"), ("7>", "node"), ("7:sort node\n", "node"),
    ])
  func sorting(keys: String, order: String) {
    let state = Self.session(keys).state
    #expect((state.view == .nodes ? state.nodes.orderText : state.compensations.sortedBy) == order)
  }

  @Test("a frozen list stands still, and what is in it can be opened")
  func frozen() {
    var source = Fixture()
    var session = Self.session("8z", source)
    source.rollBacks = []
    session.refresh(from: source, now: Fixture.now)
    #expect(session.content.compensations.rows.count == Fixture.sampleRollBacks.count)
    _ = session.handle(.enter, now: Fixture.now)
    #expect(session.state.pages.count == 1)
  }

  @Test("the cursor follows its roll-back when others come before it")
  func following() {
    var source = Fixture()
    var session = Self.session("8jj", source)
    source.rollBacks.swapAt(0, 2)
    session.refresh(from: source, now: Fixture.now)
    #expect(session.state.selectedCompensation(in: session.content)?.sagaID == "8902")
  }
}
