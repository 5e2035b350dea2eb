import Core
import Testing

@testable import TUI

@Suite("List of locks")
struct LockListTests {
  private static let size = Size(columns: 120, rows: 40)

  private func app(_ keys: String, source: Fixture = .locked()) -> App {
    Scene("", Scene.typed(keys), source: source).app(size: Self.size)
  }

  @Test("the cursor stays on its lock while others change")
  func following() {
    var source = Fixture.locked()
    var app = app("5jj", source: source)
    let before = app.locks.list.selected?.id
    source.locks = Array(source.locks.dropFirst(2)) + Fixture.manyLocks
    app.refresh(from: source, now: Fixture.now)
    #expect(app.locks.list.selected?.id == before)
    #expect(before != nil)
  }

  @Test(
    "keys, commands and titles select the order",
    arguments: [
      ("5>", LockOrder.key, false), ("5<", .waiters, false), ("5I", .severity, true), ("5>>I", .age, true),
    ])
  func orders(_ keys: String, _ order: LockOrder, _ isReversed: Bool) {
    let list = app(keys).locks.list
    #expect(list.order == order)
    #expect(list.isReversed == isReversed)
  }

  @Test("an order name shared by several lists applies to the visible one", arguments: ["severity", "age", "ttl"])
  func typed(_ word: String) {
    var app = app("5>>>>:sort \(word)")
    _ = app.handle(.enter, now: Fixture.now)
    #expect(app.view == .locks)
    #expect(app.locks.list.order.rawValue == word)
  }

  @Test("a lock's page leads to its saga and back to the list")
  func pages() {
    var app = app("5")
    for key in [Key.enter, .down, .enter] {
      _ = app.handle(key, now: Fixture.now)
      app.refresh(from: Fixture.locked(), now: Fixture.now)
    }
    #expect(app.titles.first == "lock inventory:lock:1")
    #expect(app.pages.count == 2)
    #expect(app.frontPage is SagaPage)
    for _ in 0..<2 { _ = app.handle(.escape, now: Fixture.now) }
    #expect(app.pages.isEmpty)
    #expect(app.view == .locks)
  }

  @Test("y copies the key")
  func copying() {
    var app = app("5")
    #expect(app.handle(.character("y"), now: Fixture.now) == .copy("inventory:lock:1"))
  }

  @Test("a frozen list does not change, and its locks can be opened")
  func frozen() {
    var source = Fixture.locked()
    var app = app("5z", source: source)
    source.locks = []
    app.refresh(from: source, now: Fixture.now + .seconds(5))
    #expect(app.locks.list.rows.count == Fixture.sampleLocks.count)
  }
}
