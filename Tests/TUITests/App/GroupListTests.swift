import Core
import Testing

@testable import TUI

@Suite("Lists of groups and topics")
struct GroupListTests {
  @Test("a topic opens the groups that read it")
  func readers() {
    let app = app(Scene.typed("4tj") + [.enter])
    #expect(app.view == .groups)
    #expect(app.filter.text == "topic:order-created")
  }

  private func app(_ keys: [Key], source: Fixture = Fixture()) -> App {
    Scene("", keys, source: source).app(size: Size(columns: 100, rows: 24))
  }

  @Test("the cursor stays on its group when another one becomes worse")
  func following() {
    var source = Fixture(groups: Fixture.manyGroups)
    var app = app(Scene.typed("4") + Array(repeating: .down, count: 40), source: source)
    #expect(app.groups.list.selected?.name == source.groups[40].row.name)
    let followed = source.groups[40].row.name
    source.groups.insert(Fixture.sampleGroups[0], at: 0)
    app.refresh(from: source, now: Fixture.now)
    #expect(app.groups.list.selected?.name == followed)
    #expect(app.groups.list.cursor.position == 41)
  }

  @Test(
    "the list ends at the last group, for any number of groups",
    arguments: [[Key.end], [.end, .up, .down], [.end, .end]])
  func end(keys: [Key]) {
    let app = app(Scene.typed("4") + keys, source: Fixture(groups: Fixture.manyGroups))
    #expect(app.groups.list.cursor.position == 299)
    #expect(app.groups.list.selected?.name == Fixture.manyGroups.last?.row.name)
  }

  @Test("the cursor follows a group that moves from the first to the last place")
  func falling() {
    var source = Fixture(groups: Fixture.manyGroups)
    var app = app(Scene.typed("4j"), source: source)
    let followed = app.groups.list.selected?.name
    source.groups.append(source.groups.remove(at: 1))
    app.refresh(from: source, now: Fixture.now)
    #expect(app.groups.list.selected?.name == followed)
    #expect(app.groups.list.cursor.position == 299)
  }

  @Test("a group's page keeps its position while partitions change their order")
  func place() {
    var source = Fixture()
    var app = app(Scene.typed("4") + [.enter, .end], source: source)
    let before = app.frontPage?.document.cursor
    #expect(before == .partition(topic: "inventory-reserved", 1))
    source.groups[0].partitions.reverse()
    app.refresh(from: source, now: Fixture.now)
    #expect(app.frontPage?.document.cursor == before)
    _ = app.handle(.up, now: Fixture.now)
    #expect(app.frontPage?.document.cursor == .title)
  }

  @Test("Esc returns from a group to the list and restores the cursor")
  func back() {
    let app = app(Scene.typed("4jj") + [.enter, .down, .escape])
    #expect(app.pages.isEmpty)
    #expect(app.groups.list.cursor.position == 2)
  }

  @Test("a group deleted while its page is open is shown as gone")
  func gone() {
    var source = Fixture()
    var app = app(Scene.typed("4") + [.enter], source: source)
    source.groups = []
    app.refresh(from: source, now: Fixture.now)
    #expect(app.frame(glyphs: .ascii).text.contains("The last poll did not find it"))
  }

  @Test("a click on a title sorts, a second one reverses")
  func titles() throws {
    let screen = app(Scene.typed("4")).frame(glyphs: .ascii).textRows
    let y = try #require(screen.firstIndex { $0.contains("OLDEST") })
    let x = try #require(screen[y].firstRange(of: "OLDEST")).lowerBound
    let click = Key.mouse(.click, x: screen[y].distance(from: screen[y].startIndex, to: x), y: y)
    #expect(app(Scene.typed("4") + [click]).groups.list.order == .oldest)
    #expect(app(Scene.typed("4") + [click, click]).groups.list.isReversed)
  }

  @Test("a frozen picture keeps its groups and opens their state of that time")
  func frozen() {
    var source = Fixture()
    var app = app(Scene.typed("4z"), source: source)
    source.groups = Array(source.groups.suffix(1))
    app.refresh(from: source, now: Fixture.now + .seconds(60))
    #expect(app.groups.list.matching == Fixture.sampleGroups.count)
    #expect(app.groups.list.selected?.name == "payment-service")
  }

  @Test("y copies the name of the group or topic under the cursor")
  func copy() {
    var groups = app(Scene.typed("4"))
    #expect(groups.handle(.character("y"), now: Fixture.now) == .copy("payment-service"))
    var topics = app(Scene.typed("4t"))
    #expect(topics.handle(.character("y"), now: Fixture.now) == .copy("payment.DLT"))
  }

  @Test(
    "a saga's page leads to the service and group that it waits for",
    arguments: [([], "service payment-service"), ([.down], "group payment-service")] as [([Key], String)])
  func fromSaga(keys: [Key], page: String) {
    let app = app([.down, .enter] + keys + [.enter])
    #expect(app.titles == ["saga \(Fixture.uuid)", page])
  }
}
