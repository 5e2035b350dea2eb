import Core
import TestRandom
import Testing

@testable import TUI

@Suite("Random input")
struct PropertyTests {
  private static let keys: [Key] =
    "jklhgGnN/<>I vUzy:?Tmq123xs4t456\u{1b}한9RCXDEyc".map { Key.character($0) } + [
      .up, .down, .left, .right, .pageUp, .pageDown, .home, .end, .enter, .enter, .enter, .escape, .tab, .backTab,
      .backspace, .delete, .control("u"), .control("d"), .control("w"), .control("l"), .function(1),
      .control("a"), .pasted("y1\n"),
    ]

  private func size(_ random: inout SeededRandom) -> Size {
    let usual = [(80, 24), (120, 40), (60, 12), (40, 8), (20, 5), (1, 1), (0, 0), (200, 60), (39, 30), (300, 7)]
    if Bool.random(using: &random) {
      let (columns, rows) = usual[Int.random(in: 0..<usual.count, using: &random)]
      return Size(columns: columns, rows: rows)
    }
    return Size(columns: Int.random(in: 0...210, using: &random), rows: Int.random(in: 0...70, using: &random))
  }

  private func key(_ random: inout SeededRandom, _ size: Size) -> Key {
    guard Int.random(in: 0..<8, using: &random) == 0 else {
      return Self.keys[Int.random(in: 0..<Self.keys.count, using: &random)]
    }
    let kinds: [Key.Mouse] = [.click, .doubleClick, .wheelUp, .wheelDown]
    return .mouse(
      kinds[Int.random(in: 0..<4, using: &random)], x: Int.random(in: -2...size.columns + 2, using: &random),
      y: Int.random(in: -2...size.rows + 2, using: &random))
  }

  /// Changes the system: sagas and events are added, removed, reordered or get unusual times.
  private func change(_ source: inout Fixture, _ random: inout SeededRandom) {
    switch Int.random(in: 0..<12, using: &random) {
    case 0: source.sagas.shuffle(using: &random)
    case 1: source.sagas = Array(source.sagas.dropFirst(Int.random(in: 0...3, using: &random)))
    case 2: source.sagas = Fixture.sampleSagas
    case 3: source.latest = Array(source.latest.dropLast(Int.random(in: 0...4, using: &random)))
    case 4: source.latest = Fixture.sampleEvents.shuffled(using: &random) + Fixture.sampleEvents
    case 5:
      guard let index = source.sagas.indices.randomElement(using: &random) else { return }
      source.sagas[index].startedAt = Timestamp(nanoseconds: Int64.random(in: .min ... .max, using: &random))
      source.sagas[index].progressAt = Timestamp(nanoseconds: Int64.random(in: .min ... .max, using: &random))
      source.sagas[index].endedAt = Bool.random(using: &random) ? .distantPast : nil
    case 6: source.groups = Fixture.sampleGroups.shuffled(using: &random) + Fixture.manyGroups.prefix(40)
    case 7:
      source.groups = Array(source.groups.dropFirst(Int.random(in: 0...9, using: &random)))
      source.topics = Fixture.sampleTopics.shuffled(using: &random)
    case 8:
      let locks = Bool.random(using: &random) ? Fixture.manyLocks : Fixture.sampleLocks
      source.locks = locks.shuffled(using: &random)
      source.lockReadAt = Bool.random(using: &random) ? Fixture.now : nil
      source.lockPatterns = Bool.random(using: &random) ? Fixture.samplePatterns : []
    case 9:
      source.services = Array(
        Fixture.sampleServices.shuffled(using: &random).dropLast(Int.random(in: 0...7, using: &random)))
    case 10: source.done = Fixture.sampleActions.shuffled(using: &random)
    default: source.texts = Bool.random(using: &random) ? [:] : Fixture.sampleMessages
    }
  }

  @Test(
    "for any keys, sizes and content nothing crashes, and cursors stay in range", arguments: 0..<60 as Range<UInt64>)
  func random(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var source = Fixture()
    var app = App(
      header: source.head, size: size(&random),
      control: FixtureControl(count: Int.random(in: 1...40, using: &random), isProtected: Bool.random(using: &random)))
    var now = Fixture.now
    for _ in 0..<80 {
      if Int.random(in: 0..<6, using: &random) == 0 { app.resize(to: size(&random)) }
      if Int.random(in: 0..<6, using: &random) == 0 { change(&source, &random) }
      _ = app.handle(key(&random, app.size), now: now)
      app.refresh(from: source, now: now)
      now = now + .milliseconds(Int64.random(in: 0...3000, using: &random))
      if Bool.random(using: &random) { app.refresh(from: source, now: now) }
      if Bool.random(using: &random) { app.didDraw() }
      let glyphs = Bool.random(using: &random) ? Glyphs.unicode : .ascii
      #expect(app.frame(glyphs: glyphs).size == app.size, "seed \(seed)")
    }
    app.refresh(from: source, now: now)
    if app.frontPage == nil { Self.checkCursor(app.frontList, "seed \(seed)") }
  }

  /// A list that is not empty has a selected row.
  private static func checkCursor(_ screen: some ListScreen, _ comment: Comment) {
    let list = screen.list
    #expect(list.rows.isEmpty || list.selected != nil, comment)
    #expect(list.cursor.position < max(1, list.matching), comment)
  }

  @Test("the cursor of the services list follows its row and stays in range")
  func services() {
    var source = Fixture(head: Fixture.headWithServices)
    var app = App(header: source.head, size: Size(columns: 80, rows: 12))
    for key in Scene.typed("6jjjj") {
      _ = app.handle(key, now: Fixture.now)
      app.refresh(from: source, now: Fixture.now)
    }
    let selected = app.services.list.selected
    #expect(selected?.service.name == "inventory-service" && selected?.place == 0)
    source.services.reverse()
    app.refresh(from: source, now: Fixture.now)
    #expect(app.services.list.selected?.rowID == selected?.rowID)
    source.services = []
    app.refresh(from: source, now: Fixture.now)
    #expect(app.services.list.selected == nil)
  }

  @Test(
    "a too small screen shows the required size in one line",
    arguments: [(39, 20, true), (60, 7, true), (20, 5, true), (12, 1, true), (40, 8, false), (60, 12, false)])
  func tooSmall(columns: Int, rows: Int, isTooSmall: Bool) {
    let text = Scene("").frame(size: Size(columns: columns, rows: rows), glyphs: .unicode).text
    #expect(text.contains("60x12") == isTooSmall)
    #expect(text.contains("stuck") != isTooSmall)
  }

  @Test("sizes without room are drawn without a trap", arguments: [(0, 0), (1, 1), (0, 9), (9, 0), (2, 1)])
  func noRoom(columns: Int, rows: Int) {
    for scene in Scene.all {
      _ = scene.frame(size: Size(columns: columns, rows: rows), glyphs: .ascii)
    }
  }

  @Test("every screen is drawn at any size from 1x1 to 300x100", arguments: Scene.all)
  func sizes(scene: Scene) {
    var random = SeededRandom(seed: scene.name.utf8.reduce(UInt64(7)) { $0 &* 31 &+ UInt64($1) })
    var app = scene.app(size: scene.sizes[0])
    for _ in 0..<12 {
      let size = Size(
        columns: Int.random(in: 1...300, using: &random), rows: Int.random(in: 1...100, using: &random))
      app.resize(to: size)
      app.refresh(from: scene.source, now: Fixture.now)
      let frame = app.frame(glyphs: .unicode)
      #expect(frame.size == size, "\(size)")
      #expect(frame.textRows.allSatisfy { TextWidth.columns(of: $0) <= size.columns }, "\(size)")
      guard app.frontPage == nil, ScreenLayout.fits(size) else { continue }
      Self.checkColumns(app.frontList, app, "\(scene.name) at \(size.columns)x\(size.rows)")
    }
  }

  /// If different rows have the same text in a column, no other column is empty, and no column is wider than its cells.
  private static func checkColumns<Screen: ListScreen>(_ screen: Screen, _ app: App, _ comment: Comment) {
    let context = app.context(.unicode)
    let table = ListTable(screen.tableColumns(context.status), screen.list, app.layout.list, context)
    let shown = table.placed.map { (column: table.columns[$0.index], width: $0.width) }
    func texts(_ column: ListColumn<Screen.Row, Screen.Order>, _ width: Int) -> [String] {
      let cell = CellContext(width: width, now: context.now, glyphs: context.glyphs, localOffset: .zero)
      return screen.list.rows.map { column.cell($0, cell).text }
    }
    func drawn(_ column: ListColumn<Screen.Row, Screen.Order>, _ width: Int) -> [String] {
      texts(column, width).map { TextWidth.columns(of: $0) > width ? String($0.prefix(width - 1)) : $0 }
    }
    let narrow = shown.filter { column, width in
      !column.fillsWidth && Set(drawn(column, width)).count < Set(texts(column, 200)).count
    }
    guard !narrow.isEmpty else { return }
    for (column, width) in shown where !column.fillsWidth {
      let cells = texts(column, 200)
      let isEmpty = cells.allSatisfy { $0.isEmpty || $0 == "-" }
      let isAsked = column.priority < 2 || column.order != nil && column.order == screen.list.order
      #expect(!isEmpty || isAsked, "\(comment): \(column.title) is empty")
      let needed = max(column.title.count + 1, cells.map { TextWidth.columns(of: $0) }.max() ?? 0)
      #expect(width < needed + 4, "\(comment): \(column.title) has \(width), needs \(needed)")
    }
  }

  @Test("an active filter is on the screen at every size, and each tab is a whole word beside it")
  func filterShown() {
    let names = Set(Views.tabs.flatMap { [$0.name, $0.short, String($0.key)] })
    for (columns, rows) in [(40, 8), (60, 12), (60, 16), (80, 24), (93, 24), (100, 15), (160, 45)] {
      for keys in ["2/status:stuck\n", "8t\n", "2/status:stuck\n\n", "5/x\n"] {
        let typed = keys.map { $0 == "\n" ? Key.enter : .character($0) }
        let app = Scene("", typed).app(size: Size(columns: columns, rows: rows))
        let rows = app.frame(glyphs: .ascii).textRows
        guard app.isFrontList else { continue }
        #expect(rows[1].contains(" filter: "), "\(columns): \(rows[1])")
        let tabs = rows[1].split(separator: "filter:")[0].split(separator: " ").map(String.init)
        #expect(tabs.allSatisfy(names.contains), "\(columns): \(rows[1])")
        let active = Views.tabs.first { $0.views.contains(app.view) }
        #expect(tabs.contains(active?.short ?? "") || columns < 80 && tabs.contains(active.map { "\($0.key)" } ?? ""))
      }
    }
  }

  @Test("the verdict and the sums below it are of one moment")
  func oneMoment() {
    var source = Fixture()
    var app = Scene("").app(size: Size(columns: 80, rows: 24))
    var row = Fixture.sampleSagas[1]
    for step in 1...4 {
      row.id = "\(step)"
      source.sagas.append(row)
      app.refresh(from: source, now: Fixture.now + .milliseconds(200) * step)
      let text = app.frame(glyphs: .ascii).text
      #expect(text.contains("\(step + 1) stuck") && text.contains("! stuck \(step + 1)"), "\(text)")
    }
  }

  @Test("glyphs with different meanings differ", arguments: [Glyphs.unicode, .ascii])
  func glyphs(glyphs: Glyphs) {
    let all = [
      glyphs.running, glyphs.completed, glyphs.stuck, glyphs.compensating, glyphs.compensated, glyphs.declined,
      glyphs.ended, glyphs.failed, glyphs.pending, glyphs.skipped, glyphs.cursor, glyphs.cursorAtTop, glyphs.cure,
      glyphs.mark, glyphs.folded, glyphs.unfolded,
    ]
    #expect(Set(all).count == all.count)
    #expect(all.allSatisfy { TextWidth.columns(of: String($0)) == 1 })
  }

  @Test("in ASCII mode only names of the system are not ASCII", arguments: Scene.all)
  func ascii(scene: Scene) {
    var source = scene.source
    source.groups = source.groups.filter { $0.row.name != Fixture.hostileName }
    source.topics = []
    source.locks = source.locks.filter { $0.row.id.key.utf8.allSatisfy { $0 < 0x80 } }
    source.rollBacks = source.rollBacks.filter { ($0.error ?? "").utf8.allSatisfy { $0 < 0x80 } }
    source.patterns = source.patterns.filter { $0.pattern.utf8.allSatisfy { $0 < 0x80 } }
    source.services = source.services.filter { $0.name != Fixture.hostileName }
    source.sagas = source.sagas.filter { $0.id.utf8.count == $0.id.count }
    let isPlain =
      scene.name != "overview-types" && !scene.name.hasPrefix("saga-") && !scene.name.hasPrefix("group-")
      && !scene.name.hasPrefix("event-") && !scene.name.hasPrefix("lock-") && !scene.name.hasPrefix("action")
      && scene.name != "service-hostile"
    guard isPlain else { return }
    let text = Scene(scene.name, scene.keys, source: source).frame(size: scene.sizes[0], glyphs: .ascii).text
    #expect(text.utf8.allSatisfy { $0 < 0x80 })
  }

  @Test("no control character reaches the frame", arguments: Scene.all)
  func harmless(scene: Scene) {
    let rows = scene.frame(size: Size(columns: 200, rows: 60), glyphs: .unicode).textRows
    for row in rows { #expect(row.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f }) }
  }
}
