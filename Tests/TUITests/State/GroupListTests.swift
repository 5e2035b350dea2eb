import Core
import Testing

@testable import TUI

@Suite("The lists of groups and topics")
struct GroupListTests {
  @Test("a topic leads to the groups that read it")
  func readers() {
    let state = session(Scene.typed("4tj") + [.enter]).state
    #expect(!state.lag.showsTopics)
    #expect(state.filter.text == "topic:order-created")
  }

  private func session(_ keys: [Key], source: Fixture = Fixture()) -> Session {
    Scene("", keys, source: source).session(size: Size(columns: 100, rows: 24))
  }

  @Test("the cursor stays on its group when another one becomes worse")
  func following() {
    var source = Fixture(groups: Fixture.manyGroups)
    var session = session(Scene.typed("4") + Array(repeating: .down, count: 40), source: source)
    #expect(session.state.selectedGroup(in: session.content)?.name == source.groups[40].row.name)
    let followed = source.groups[40].row.name
    source.groups.insert(Fixture.sampleGroups[0], at: 0)
    session.refresh(from: source, now: Fixture.now)
    #expect(session.state.selectedGroup(in: session.content)?.name == followed)
    #expect(session.state.lag.groups.position == 41)
  }

  @Test(
    "the list ends at the last group, however many there are",
    arguments: [[Key.end], [.end, .up, .down], [.end, .end]])
  func end(keys: [Key]) {
    let session = session(Scene.typed("4") + keys, source: Fixture(groups: Fixture.manyGroups))
    #expect(session.state.lag.groups.position == 299)
    #expect(session.state.selectedGroup(in: session.content)?.name == Fixture.manyGroups.last?.row.name)
  }

  @Test("a group that falls from the first place to the last is followed")
  func falling() {
    var source = Fixture(groups: Fixture.manyGroups)
    var session = session(Scene.typed("4j"), source: source)
    let followed = session.state.selectedGroup(in: session.content)?.name
    source.groups.append(source.groups.remove(at: 1))
    session.refresh(from: source, now: Fixture.now)
    #expect(session.state.selectedGroup(in: session.content)?.name == followed)
    #expect(session.state.lag.groups.position == 299)
  }

  @Test("a group's page keeps its place while partitions change their order")
  func place() {
    var source = Fixture()
    var session = session(Scene.typed("4") + [.enter, .end], source: source)
    let before = session.state.pages[0].document.cursor
    #expect(before == .partition(topic: "inventory-reserved", 1))
    source.groups[0].partitions.reverse()
    session.refresh(from: source, now: Fixture.now)
    #expect(session.state.pages[0].document.cursor == before)
    _ = session.handle(.up, now: Fixture.now)
    #expect(session.state.pages[0].document.cursor == .title)
  }

  @Test("Esc comes back from a group to the list, with the cursor where it was")
  func back() {
    let session = session(Scene.typed("4jj") + [.enter, .down, .escape])
    #expect(session.state.pages.isEmpty)
    #expect(session.state.lag.groups.position == 2)
  }

  @Test("a group that is deleted while its page is open is said to be gone")
  func gone() {
    var source = Fixture()
    var session = session(Scene.typed("4") + [.enter], source: source)
    source.groups = []
    session.refresh(from: source, now: Fixture.now)
    #expect(session.frame(glyphs: .ascii).text.contains("The last reading did not have it"))
  }

  @Test("a click on a title sorts, a second one turns the order round")
  func titles() throws {
    let screen = session(Scene.typed("4")).frame(glyphs: .ascii).textRows
    let y = try #require(screen.firstIndex { $0.contains("OLDEST") })
    let x = try #require(screen[y].firstRange(of: "OLDEST")).lowerBound
    let click = Key.mouse(.click, x: screen[y].distance(from: screen[y].startIndex, to: x), y: y)
    #expect(session(Scene.typed("4") + [click]).state.lag.order == .oldest)
    #expect(session(Scene.typed("4") + [click, click]).state.lag.isReversed)
  }

  @Test("a frozen picture keeps its groups, and opens them as they were")
  func frozen() {
    var source = Fixture()
    var session = session(Scene.typed("4z"), source: source)
    source.groups = Array(source.groups.suffix(1))
    session.refresh(from: source, now: Fixture.now + .seconds(60))
    #expect(session.content.groups.matching == Fixture.sampleGroups.count)
    #expect(session.state.selectedGroup(in: session.content)?.name == "payment-service")
  }

  @Test("y copies the name of the group or topic under the cursor")
  func copy() {
    var groups = session(Scene.typed("4"))
    #expect(groups.handle(.character("y"), now: Fixture.now) == .copy("payment-service"))
    var topics = session(Scene.typed("4t"))
    #expect(topics.handle(.character("y"), now: Fixture.now) == .copy("payment.DLT"))
  }

  @Test(
    "a saga's page leads to the service and to the group that it waits for",
    arguments: [([], "service payment-service"), ([.down], "group payment-service")] as [([Key], String)])
  func fromSaga(keys: [Key], page: String) {
    let session = session([.down, .enter] + keys + [.enter])
    #expect(session.state.pages.map(\.title) == ["saga \(Fixture.uuid)", page])
  }
}
