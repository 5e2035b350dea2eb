import Core
import Testing

@testable import TUI

@Suite("The list of locks")
struct LockListTests {
  private static let size = Size(columns: 120, rows: 40)

  private func session(_ keys: String, source: Fixture = .locked()) -> Session {
    Scene("", Scene.typed(keys), source: source).session(size: Self.size)
  }

  @Test("the cursor stays on its lock while others come and go")
  func following() {
    var source = Fixture.locked()
    var session = session("5jj", source: source)
    let before = session.state.selectedLock(in: session.content)?.id
    source.locks = Array(source.locks.dropFirst(2)) + Fixture.manyLocks
    session.refresh(from: source, now: Fixture.now)
    #expect(session.state.selectedLock(in: session.content)?.id == before)
    #expect(before != nil)
  }

  @Test(
    "keys, typed commands and titles choose the order",
    arguments: [
      ("5>", LockOrder.key, false), ("5<", .waiters, false), ("5I", .severity, true), ("5>>I", .age, true),
    ])
  func orders(_ keys: String, _ order: LockOrder, _ isReversed: Bool) {
    let state = session(keys).state
    #expect(state.locks.order == order)
    #expect(state.locks.isReversed == isReversed)
  }

  @Test("a word that orders several lists orders the one in front", arguments: ["severity", "age", "ttl"])
  func typed(_ word: String) {
    var session = session("5>>>>:sort \(word)")
    _ = session.handle(.enter, now: Fixture.now)
    #expect(session.state.view == .locks)
    #expect(session.state.locks.order.rawValue == word)
  }

  @Test("a page of a lock leads to its saga and back to the list")
  func pages() {
    var session = session("5")
    for key in [Key.enter, .down, .enter] {
      _ = session.handle(key, now: Fixture.now)
      session.refresh(from: Fixture.locked(), now: Fixture.now)
    }
    #expect(session.state.pages.map(\.title).first == "lock inventory:lock:1")
    #expect(session.state.pages.count == 2)
    #expect(session.content.saga != nil)
    for _ in 0..<2 { _ = session.handle(.escape, now: Fixture.now) }
    #expect(session.state.pages.isEmpty)
    #expect(session.state.view == .locks)
  }

  @Test("what y copies is the key")
  func copying() {
    var session = session("5")
    #expect(session.handle(.character("y"), now: Fixture.now) == .copy("inventory:lock:1"))
  }

  @Test("a frozen list stands still, and its locks can be opened")
  func frozen() {
    var source = Fixture.locked()
    var session = session("5z", source: source)
    source.locks = []
    session.refresh(from: source, now: Fixture.now + .seconds(5))
    #expect(session.content.locks.rows.count == Fixture.sampleLocks.count)
  }
}
