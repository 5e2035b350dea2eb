import Testing

@testable import Core

@Suite("Saga lists")
struct SagaListTests {
  /// Running orders 1 to 10; then 3 of them complete and 5 fail at payment.
  private func store() -> Store {
    var maker = EventMaker()
    let store = maker.store()
    let created = (1...10).map { maker.event("order-created", at: Int64($0), id: "\($0)", node: "node-\($0 % 3)") }
    store.accept(EventBatch(events: created))
    store.accept(
      EventBatch(events: [
        maker.event("delivery-completed", at: 20, id: "3"),
        maker.event("payment-failed", at: 30, id: "5", error: "card declined"),
      ]))
    return store
  }

  private func ids(_ query: SagaQuery) -> [String] {
    store().sagas(query, now: ShopFixture.time(1000)).rows.map(\.id)
  }

  @Test("sagas that need a person come first, ended ones last")
  func trouble() {
    #expect(ids(SagaQuery()) == ["5", "1", "2", "4", "6", "7", "8", "9", "10", "3"])
  }

  @Test("a window beyond the end shows the last rows")
  func window() {
    #expect(ids(SagaQuery(offset: 2, limit: 3)) == ["2", "4", "6"])
    #expect(ids(SagaQuery(offset: 99, limit: 3)) == ["9", "10", "3"])
    #expect(ids(SagaQuery(offset: -5, limit: 2)) == ["5", "1"])
    #expect(ids(SagaQuery(limit: 0)) == [])
  }

  @Test("numeric ids are sorted as numbers")
  func ids() {
    #expect(ids(SagaQuery(order: .id)) == (1...10).map { "\($0)" })
    #expect(ids(SagaQuery(order: .id, isReversed: true)).first == "10")
  }

  @Test("the window follows a saga at any position")
  func following() throws {
    let store = store()
    let handle = try #require(store.find(id: "9"))
    let view = store.sagas(SagaQuery(limit: 3, following: handle), now: ShopFixture.time(1000))
    #expect(view.rows.map(\.id) == ["7", "8", "9"])
  }

  @Test(
    "filters",
    arguments: [
      ("", 10), ("status:running", 8), ("!status:running", 2), ("declined", 1), ("error:DECLINED", 1),
      ("node:node-0", 3),
      ("type:ord*r step:inventory", 8), ("type:ord", 0), ("started>995ms", 4), ("id:1", 2), ("age>995ms", 4),
      ("age<995ms", 5), ("topic:payment-failed", 1),
      ("nothing-like-it", 0), ("status:completed status:running", 0),
    ])
  func filter(text: String, matching: Int) throws {
    let view = store().sagas(
      SagaQuery(filter: try Filter(parsing: text, for: SagaRow.vocabulary)), now: ShopFixture.time(1000))
    #expect(view.matching == matching)
  }

  @Test("a node's sagas are all that it worked on, not only its current ones")
  func ofNode() throws {
    var maker = EventMaker()
    let store = maker.store()
    store.accept(
      EventBatch(events: [
        maker.event("order-created", at: 0, node: "node-1"), maker.event("inventory-reserved", at: 10, node: "node-2"),
      ]))
    for node in ["node-1", "node-2"] {
      let view = store.sagas(
        SagaQuery(filter: try Filter(parsing: "node:\(node)", for: SagaRow.vocabulary)), now: ShopFixture.time(20))
      #expect(view.matching == 1, "\(node)")
    }
  }

  @Test("a saga with two ids is found by both")
  func find() throws {
    var maker = EventMaker()
    let store = maker.store()
    store.accept(
      EventBatch(events: [
        maker.event("order-created", at: 0, id: "1", more: [SagaKey(identity: 1, value: "trace-1")])
      ]))
    #expect(store.find(id: "1") == store.find(id: "trace-1"))
    #expect(store.find(id: "2") == nil)
  }
}
