import Testing

@testable import Core

@Suite("Compensation history")
struct CompensationTests {
  private static func view(_ store: Store, at milliseconds: Int64, _ query: CompensationQuery = .init())
    -> CompensationList
  {
    store.compensations(query, now: ShopFixture.time(milliseconds))
  }

  @Test("contains the failure, the compensated steps in order with times and nodes, and the duration")
  func undone() throws {
    var maker = EventMaker()
    let store = maker.store()
    store.accept(
      EventBatch(events: [
        maker.event("order-created", at: 0, node: "n1"), maker.event("inventory-reserved", at: 100, node: "n2"),
        maker.event("payment-failed", at: 200, node: "n3", error: "card declined"),
        maker.event("inventory-released", at: 500, node: "n2"), maker.event("order-cancelled", at: 900, node: "n1"),
      ]))
    let row = try #require(Self.view(store, at: 5000).rows.first)
    #expect(row.failedStep == "payment")
    #expect(row.error == "card declined")
    #expect(row.node == "n3")
    #expect(row.undone.map(\.step) == ["inventory", "order"])
    #expect(row.undone.map(\.time) == [ShopFixture.time(500), ShopFixture.time(900)])
    #expect(row.undone.map(\.node) == ["n2", "n1"])
    #expect(row.owed.isEmpty)
    #expect(row.outcome == .compensated)
    #expect(row.duration(now: ShopFixture.time(5000)) == .milliseconds(700))
    #expect(row.trigger == .automatic)
    #expect(row.attempts == 1)
  }

  /// An orchestrated saga whose compensation fails `times` times.
  private static func failing(_ maker: inout EventMaker, id: String, times: Int) -> [Event] {
    [
      maker.event("SagaStarted", at: 0, id: id, definition: 1),
      maker.event("SagaStepCompleted", at: 100, id: id, definition: 1, steps: ["payment"]),
      maker.event("SagaFailed", at: 200, id: id, definition: 1, steps: ["confirmation"], error: "no answer"),
    ]
      + (0..<times).map { attempt in
        maker.event(
          "SagaCompensationFailed", at: 300 + Int64(attempt) * 100, id: id, definition: 1, steps: ["payment"],
          error: "refund refused")
      }
  }

  @Test("a failed compensation is listed first until it is resolved, regardless of newer ones")
  func onTop() throws {
    var maker = EventMaker()
    let store = maker.store()
    store.accept(EventBatch(events: Self.failing(&maker, id: "f", times: 2)))
    for saga in 0..<5 {
      store.accept(
        EventBatch(events: [
          maker.event("inventory-failed", at: 1000 + Int64(saga), id: "o\(saga)", error: "short"),
          maker.event("order-cancelled", at: 2000 + Int64(saga), id: "o\(saga)"),
        ]))
    }
    let view = Self.view(store, at: 3000)
    let first = try #require(view.rows.first)
    #expect(first.sagaID == "f")
    #expect(first.owed.map(\.step) == ["payment"])
    #expect(first.owed.first?.error == "refund refused")
    #expect(first.attempts == 2)
    #expect(view.sums.backlog == 1)
    #expect(view.sums.compensated == 5)
    #expect(view.rows.dropFirst().map(\.sagaID) == ["o4", "o3", "o2", "o1", "o0"])

    store.accept(
      EventBatch(events: [maker.event("SagaCompensated", at: 4000, id: "f", definition: 1, steps: ["payment"])]))
    let resolved = Self.view(store, at: 5000)
    #expect(resolved.sums.backlog == 0)
    #expect(resolved.rows.first { $0.sagaID == "f" }?.attempts == 3)
  }

  @Test("a compensation without a failed step was triggered externally")
  func external() {
    var maker = EventMaker()
    let store = maker.store()
    store.accept(
      EventBatch(events: [maker.event("order-created", at: 0), maker.event("order-cancelled", at: 10)]))
    #expect(Self.view(store, at: 20).rows.map(\.trigger) == [.external])
  }

  private static func request(
    at milliseconds: Int64, _ action: ActionName = .compensate, context: String = "test", outcome: ActionOutcome
  ) -> ActionRecord {
    var record = ActionRecord(
      intent: "i", action: action, context: context, subject: "1", type: "order", operator: .init(name: "alice@jump"),
      intendedAt: ShopFixture.time(milliseconds))
    record.stages.append(.init(time: ShopFixture.time(milliseconds + 1), outcome: outcome))
    return record
  }

  @Test(
    "a manual compensation names the operator, unless the request was not sent or came after the start",
    arguments: [
      (request(at: 5_000, outcome: .observed(after: .seconds(1))), true),
      (request(at: 5_000, outcome: .accepted(nil)), true), (request(at: 5_000, outcome: .unknown("no answer")), true),
      (request(at: 11_000, outcome: .accepted("clocks are a second apart")), true),
      (request(at: 5_000, outcome: .refused(status: 409, message: "")), false),
      (request(at: 5_000, outcome: .cancelled), false), (request(at: 5_000, outcome: .skipped("changed")), false),
      (request(at: 60_000, outcome: .accepted(nil)), false), (request(at: -60_000, outcome: .accepted(nil)), false),
      (request(at: 5_000, .retry, outcome: .accepted(nil)), false),
      (request(at: 5_000, context: "other", outcome: .accepted(nil)), false),
    ])
  func asked(action: ActionRecord, isNamed: Bool) {
    for isFailure in [false, true] {
      var maker = EventMaker()
      let store = maker.store()
      store.accept(EventBatch(events: [maker.event("order-created", at: 0)]))
      store.accept([action])
      store.accept(
        EventBatch(
          events: [
            isFailure
              ? maker.event("payment-failed", at: 10_000, error: "declined")
              : maker.event("order-cancelled", at: 10_000)
          ]))
      let expected: CompensationTrigger = isNamed ? .operator("alice@jump") : isFailure ? .automatic : .external
      #expect(Self.view(store, at: 90_000).rows.map(\.trigger) == [expected])
    }
  }

  @Test("the oldest unfinished compensation is known, regardless of the displayed part of the list")
  func oldest() {
    var maker = EventMaker()
    let store = maker.store()
    store.accept(
      EventBatch(
        events: [("a", 100), ("b", 50), ("c", 0)].flatMap { id, time in
          [
            maker.event("order-created", at: Int64(time), id: id),
            maker.event("payment-failed", at: Int64(time) + 10, id: id, error: "no"),
          ]
        } + [maker.event("order-cancelled", at: 20, id: "c")]))
    #expect(Self.view(store, at: 200, .init(limit: 0)).rows.isEmpty)
    #expect(
      store.oldestRollBacks() == [OldestCompensation(type: "order", sagaID: "b", startedAt: ShopFixture.time(60))])
  }

  @Test("the most frequent common property is listed with its share")
  func concentrations() {
    var maker = EventMaker()
    let store = maker.store()
    for saga in 0..<10 {
      let isStock = saga < 8
      store.accept(
        EventBatch(events: [
          maker.event(
            isStock ? "inventory-failed" : "payment-failed", at: Int64(saga), id: "\(saga)", node: "n\(saga % 2)",
            error: isStock ? "stock short for \(saga)" : "declined", product: isStock ? "lamp" : "p\(saga)")
        ]))
    }
    let sums = Self.view(store, at: 1000).sums
    #expect(sums.concentrations.map(\.name) == ["stock short for <n>", "inventory", "lamp", "n0", "n1"])
    #expect(sums.concentrations.map(\.share) == [0.8, 0.8, 0.8, 0.5, 0.5])
    #expect(sums.causes.map(\.count) == [8, 2])
    #expect(Self.view(store, at: 1000).rows.compactMap(\.product).count == 10)
  }

  @Test(
    "is sorted and filtered",
    arguments: [
      (CompensationQuery(order: .duration), ["long", "short"]),
      (CompensationQuery(order: .duration, isReversed: true), ["short", "long"]),
      (CompensationQuery(order: .started), ["short", "long"]), (CompensationQuery(order: .id), ["long", "short"]),
      (CompensationQuery(order: .step), ["long", "short"]), (CompensationQuery(offset: 1, limit: 1), ["long"]),
    ])
  func sorting(query: CompensationQuery, ids: [String]) {
    var maker = EventMaker()
    let store = maker.store()
    store.accept(
      EventBatch(events: [
        maker.event("inventory-failed", at: 0, id: "long"), maker.event("order-cancelled", at: 900, id: "long"),
        maker.event("payment-failed", at: 1000, id: "short"), maker.event("order-cancelled", at: 1100, id: "short"),
      ]))
    #expect(Self.view(store, at: 2000, query).rows.map(\.sagaID) == ids)
  }

  @Test("a compensation with extreme event times is displayed, explained and counted", arguments: [-1, 1])
  func endsOfTime(sign: Int64) throws {
    var maker = EventMaker()
    let store = maker.store()
    for (saga, dates) in [[0, 0, 0], [sign * .max, 0, sign * .max], [sign * .max, sign * .max, sign * .max]]
      .enumerated()
    {
      let events = zip(["order-created", "payment-failed", "order-cancelled"], dates).map { type, nanoseconds in
        var event = maker.event(type, at: 0, id: "\(saga)", node: "n1", error: "short")
        if nanoseconds != 0 { event.time = Timestamp(nanoseconds: nanoseconds) }
        return event
      }
      store.accept(EventBatch(events: events))
    }
    let now = ShopFixture.time(1000)
    #expect(store.snapshot(now: now).compensations.rows.count == 3)
    for saga in 0..<3 {
      let handle = try #require(store.find(id: "\(saga)"))
      #expect(store.diagnosis(handle, now: now) != nil)
    }
    #expect(store.nodes(NodeQuery(limit: 10), now: now).rows.count == 1)
  }
}
