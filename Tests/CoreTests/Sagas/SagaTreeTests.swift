import Testing

@testable import Core

@Suite("Child sagas")
struct SagaTreeTests {
  private func store(_ maker: EventMaker, _ events: [Event]) -> Store {
    let store = maker.store()
    for event in events { store.accept(EventBatch(events: [event])) }
    return store
  }

  private func part(_ maker: inout EventMaker, _ id: String, of parent: String, at time: Int64 = 5) -> Event {
    var event = maker.event("SagaStarted", at: time, id: id, definition: 1)
    event.link?.parent = parent
    return event
  }

  private func view(_ store: Store, _ id: String) -> SagaView? {
    store.find(id: id).flatMap { store.saga($0, now: ShopFixture.time(0)) }
  }

  @Test("parent and children refer to each other, in any arrival order", arguments: [false, true])
  func known(isReversed: Bool) throws {
    var maker = EventMaker()
    let events = [
      maker.event("order-created", at: 0, id: "1"), part(&maker, "b", of: "1", at: 9),
      part(&maker, "a", of: "1", at: 3),
    ]
    let store = store(maker, isReversed ? events.reversed() : events)
    let parent = try #require(view(store, "1"))
    #expect(parent.row.parent == nil && parent.parent == nil)
    #expect(parent.children.map(\.id) == ["a", "b"] && parent.childCount == 2)
    let part = try #require(view(store, "a"))
    #expect(part.row.parent == "1" && part.parent?.handle == parent.row.handle && part.children.isEmpty)
  }

  @Test("an unknown parent is only an id, and a saga is never its own child")
  func unknown() throws {
    var maker = EventMaker()
    let store = store(maker, [part(&maker, "a", of: "nobody"), part(&maker, "b", of: "b")])
    #expect(view(store, "a")?.row.parent == "nobody" && view(store, "a")?.parent == nil)
    #expect(view(store, "b")?.row.parent == nil && view(store, "b")?.childCount == 0)
  }

  @Test("parts joined to one saga keep their parent and are one child")
  func joined() throws {
    var maker = EventMaker()
    var half = maker.event("SagaStepCompleted", at: 1, id: "c", identity: 1, definition: 1, steps: ["payment"])
    half.link?.parent = "1"
    let both = maker.event(
      "SagaStarted", at: 0, id: "a", more: [.init(identity: 1, value: "c")], definition: 1)
    let store = store(
      maker, [maker.event("order-created", at: 0, id: "1"), half, part(&maker, "a", of: "1"), both])
    #expect(view(store, "1")?.children.map(\.id) == ["a"] && view(store, "1")?.childCount == 1)
    #expect(view(store, "c")?.row.parent == "1")
  }

  @Test("if events name several parents, the result does not depend on their order")
  func contradicting() throws {
    for names in [["x", "y"], ["y", "x"]] {
      var maker = EventMaker()
      let store = store(maker, names.map { part(&maker, "a", of: $0) } + [maker.event("order-created", at: 0, id: "y")])
      #expect(view(store, "a")?.row.parent == "x")
      #expect(view(store, "y")?.childCount == 0)
    }
  }

  @Test("dropped children are no longer listed")
  func departed() throws {
    var maker = EventMaker()
    let store = maker.store(limits: StoreLimits(maxSagas: 3))
    var events = [maker.event("order-created", at: 100_000, id: "1")]
    for number in 0..<20 {
      events.append(part(&maker, "part-\(number)", of: "1", at: Int64(number)))
      events.append(maker.event("SagaCompleted", at: Int64(number) + 1, id: "part-\(number)", definition: 1))
    }
    store.accept(EventBatch(events: events))
    let known = (0..<20).count { store.find(id: "part-\($0)") != nil }
    #expect(known < 20 && view(store, "1")?.childCount == known)
  }

  @Test("one event of two sagas of one type affects both")
  func several() throws {
    var maker = EventMaker()
    var event = maker.event("inventory-reserved", at: 2, id: "1")
    event.otherLinks = [SagaLink(definition: 0, key: SagaKey(identity: 0, value: "2"))]
    let store = store(
      maker,
      [maker.event("order-created", at: 0, id: "1"), maker.event("order-created", at: 1, id: "2"), event, event])
    for id in ["1", "2"] {
      #expect(store.row(id)?.steps[1].status == .completed)
      #expect(view(store, id)?.events.count == 2)
    }
  }
}
