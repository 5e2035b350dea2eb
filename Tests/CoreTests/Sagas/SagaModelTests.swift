import Testing

@testable import Core

@Suite("Rounds, ends and steps of a saga")
struct SagaModelTests {
  @Test("a sequence of events gives one status of the saga and of each step", arguments: cases)
  func status(_ example: Case) throws {
    var maker = EventMaker()
    let store = maker.store([example.definition])
    store.accept(
      EventBatch(events: example.events.enumerated().map { maker.event($1, at: Int64($0) * 1000, topic: "t") }))
    let row = try #require(store.row("1"))
    #expect(row.status == example.status)
    #expect(row.flags == example.flags)
    #expect(row.step == example.step)
    #expect(row.steps.map(\.status) == example.steps)
    #expect(row.round == example.round)
    #expect(row.failedStep == example.failedStep)
    #expect((row.endedAt == nil) == example.status.isActive)
  }

  @Test("the displayed id is the first one of the first start, regardless of later events")
  func shownID() throws {
    var definition = Self.order
    definition.identities.append(.init(name: "business", sources: [.path(["business"])]))
    var maker = EventMaker()
    let store = maker.store([definition])
    let more = [SagaKey(identity: 1, value: "a1")]
    let first = ["Created", "StockReserved", "PaymentFailed", "StockReleased"].enumerated().map {
      maker.event($1, at: Int64($0) * 1000, id: "zzz", more: more)
    }
    let second = ["Created", "StockReserved", "Paid", "Delivered"].enumerated().map {
      maker.event($1, at: 60_000 + Int64($0) * 1000, id: "aaa", more: more)
    }
    store.accept(EventBatch(events: second + first))
    let view = try #require(store.find(id: "a1").flatMap { store.saga($0, now: ShopFixture.time(0)) })
    #expect(view.row.id == "zzz")
    #expect(view.row.status == .completed)
    #expect(view.row.error == nil)
    #expect(view.earlier.map(\.status) == [.compensated])
    let undone = store.compensations(CompensationQuery(limit: 9), now: ShopFixture.time(0))
    #expect(undone.rows.map(\.round) == [1])
    #expect(undone.rows.map(\.outcome) == [.compensated])
  }

  @Test("a handle stays valid when its saga is joined to another one")
  func joins() throws {
    var definition = Self.order
    definition.identities.append(.init(name: "trace", sources: [.path(["trace"])]))
    var maker = EventMaker()
    let store = maker.store([definition])
    store.accept(
      EventBatch(events: [maker.event("Created", at: 0, id: "1"), maker.event("Paid", at: 1, id: "t", identity: 1)]))
    let other = try #require(store.find(id: "t"))
    store.accept(
      EventBatch(events: [maker.event("StockReserved", at: 2, id: "1", more: [SagaKey(identity: 1, value: "t")])]))
    #expect(store.saga(other, now: ShopFixture.time(0))?.row.id == "1")
  }

  @Test("a dead letter fails the saga at the step that would have handled it, until the step progresses")
  func deadLetters() throws {
    var maker = EventMaker()
    let store = maker.store([Self.order])
    let topic = maker.symbols.symbol("t")
    var parked = maker.event("StockReserved", at: 9000, topic: "t.DLT", fingerprint: 7)
    parked.deadLetter = DeadLetter(originalTopic: topic, error: "read timed out", isRetry: false)
    store.accept(
      EventBatch(events: [
        maker.event("Created", at: 0, topic: "t"), maker.event("StockReserved", at: 1000, topic: "t", fingerprint: 7),
        parked,
      ]))
    let row = try #require(store.row("1"))
    #expect(row.status == .failed)
    #expect(row.failedStep == "payment")
    #expect(row.error == "read timed out")

    store.accept(EventBatch(events: [maker.event("Paid", at: 12_000, topic: "t")]))
    #expect(store.row("1")?.status == .running)
    #expect(store.row("1")?.error == nil)
    #expect(store.row("1")?.steps[1].attempts.map(\.hasFailed) == [true, false])
  }

  @Test("a dead letter of another consumer fails no step")
  func bystanders() throws {
    var maker = EventMaker()
    let store = maker.store([Self.order])
    var parked = maker.event("StockReserved", at: 9000, topic: "mail.DLT")
    parked.deadLetter = DeadLetter(originalTopic: maker.symbols.symbol("t"), error: "no address", isRetry: false)
    let events = ["Created", "StockReserved", "Paid"].enumerated().map { maker.event($1, at: Int64($0) * 1000) }
    store.accept(EventBatch(events: events + [parked]))
    #expect(store.row("1")?.status == .running)
    #expect(store.row("1")?.step == "delivery")
  }

  @Test("a dead letter during compensation fails the compensation, until the step is compensated")
  func parkedUndoing() throws {
    var maker = EventMaker()
    let store = maker.store([Self.order])
    var parked = maker.event("PaymentFailed", at: 9000, topic: "t.DLT")
    parked.deadLetter = DeadLetter(originalTopic: maker.symbols.symbol("t"), error: "db down", isRetry: false)
    let events = ["Created", "StockReserved", "PaymentFailed"].enumerated().map {
      maker.event($1, at: Int64($0) * 1000, error: $1 == "PaymentFailed" ? "declined" : nil)
    }
    store.accept(EventBatch(events: events + [parked]))
    let row = try #require(store.row("1"))
    #expect(row.status == .failed)
    #expect(row.steps.map(\.status) == [.compensationFailed, .failed, .pending])
    #expect(row.error == "declined")
    store.accept(EventBatch(events: [maker.event("StockReleased", at: 20_000)]))
    #expect(store.row("1")?.status == .compensated)
  }

  @Test("of a saga with many rounds the last ones are kept")
  func manyRounds() throws {
    var maker = EventMaker()
    let store = maker.store(limits: StoreLimits(maxEventsPerSaga: 20))
    let round = ["order-created", "inventory-reserved", "payment-completed", "delivery-completed"]
    for number in 0..<30 {
      let start = Int64(number) * 3_600_000
      store.accept(
        EventBatch(events: round.enumerated().map { maker.event($1, at: start + Int64($0) * 1000) }))
    }
    store.accept(EventBatch(events: [maker.event("order-created", at: 30 * 3_600_000)]))
    let row = try #require(store.row("1"))
    #expect(row.status == .running)
    #expect(row.step == "inventory")
  }

  @Test("a message in a retry topic is an attempt of the step, but no progress")
  func retries() throws {
    var maker = EventMaker()
    let store = maker.store([Self.order])
    let retries = (1...2).map { number in
      var event = maker.event("StockReserved", at: Int64(number) * 5000, topic: "t-retry-\(number)", fingerprint: 7)
      event.deadLetter = DeadLetter(originalTopic: maker.symbols.symbol("t"), error: "busy", isRetry: true)
      return event
    }
    store.accept(
      EventBatch(
        events: [
          maker.event("Created", at: 0, topic: "t"), maker.event("StockReserved", at: 1000, topic: "t", fingerprint: 7),
        ] + retries))
    let row = try #require(store.row("1"))
    #expect(row.status == .running)
    #expect(row.steps[1].attempts.map(\.error) == ["busy", "busy", nil])
    #expect(row.progressAt == ShopFixture.time(1000))
  }

  @Test("a saga started with different ids that a further id joins may be several sagas")
  func joinedIDs() throws {
    var maker = EventMaker()
    let store = maker.store([ShopFixture.order])
    let customer = [SagaKey(identity: 1, value: "c")]
    let events = [("order-created", "1"), ("order-created", "2"), ("inventory-reserved", "1")].enumerated().map {
      maker.event($1.0, at: Int64($0) * 1000, id: $1.1, more: customer)
    }
    store.accept(EventBatch(events: events))
    let saga = try #require(store.find(id: "1"))
    let cause = store.diagnosis(saga, now: ShopFixture.time(100_000))?.causes.first { $0.kind == .joinedIDs }
    #expect(cause?.evidence.first?.text.contains("as orderId 1 and as 2, which trace c joins") ?? false)
    #expect(store.joinedSagas().count == 1)
  }

  @Test("events of different types with the same id are not duplicates")
  func sharedIDs() throws {
    var maker = EventMaker()
    let store = maker.store([Self.order])
    store.accept(
      EventBatch(
        events: ["Created", "StockReserved", "Paid", "Delivered"].enumerated().map {
          maker.event($1, at: Int64($0), fingerprint: 5)
        }))
    #expect(store.row("1")?.status == .completed)
    let diagnosis = store.find(id: "1").flatMap { store.diagnosis($0, now: ShopFixture.time(9)) }
    #expect(diagnosis?.causes.contains { $0.kind == .sharedEventIDs } ?? false)
  }

  @Test("a saga without any progress has no deadline and is never stuck")
  func noProgress() throws {
    var maker = EventMaker()
    let store = maker.store([Self.order])
    store.accept(EventBatch(events: [maker.event("Viewed", at: 0)]))
    let row = try #require(store.row("1", at: 3_600_000))
    #expect(row.progressAt == nil)
    #expect(row.deadline == nil)
    #expect(row.flags == .incomplete)
  }

  @Test("a step that waits for a person has no deadline, and no service is blamed")
  func person() throws {
    var definition = Self.order
    definition.steps[0].waitsForPerson = true
    definition.steps[0].service = "stock"
    var maker = EventMaker()
    let store = maker.store([definition])
    store.accept(EventBatch(events: [maker.event("Created", at: 0)]))
    let row = try #require(store.row("1", at: 3_600_000))
    #expect(row.deadline == nil && row.flags == [])
    let diagnosis = store.find(id: "1").flatMap { store.diagnosis($0, now: ShopFixture.time(3_600_000)) }
    #expect(diagnosis?.trouble == .waiting)
    #expect(diagnosis?.causes.map(\.kind) == [.awaitingPerson])
  }

  @Test("a duration based on a read time is not used for percentiles")
  func timesOfReading() throws {
    var maker = EventMaker()
    let store = maker.store([Self.order])
    store.accept(
      EventBatch(
        events: ["Created", "StockReserved", "Paid", "Delivered"].enumerated().map { place, type in
          var event = maker.event(type, at: Int64(place) * 1000)
          event.isTimeOfReading = true
          return event
        }))
    #expect(store.row("1")?.isAtMost == true)
    #expect(store.overview(limit: 0, now: ShopFixture.time(9000)).total.p50 == nil)
  }

  @Test("a repeated start of a saga or step is no progress")
  func toldAgain() throws {
    var maker = EventMaker()
    let store = maker.store([Self.order])
    store.accept(
      EventBatch(events: [
        maker.event("Created", at: 0), maker.event("StockReserved", at: 1000), maker.event("Repay", at: 2000),
        maker.event("Repay", at: 20_000), maker.event("Created", at: 30_000),
      ]))
    #expect(store.row("1")?.progressAt == ShopFixture.time(2000))
  }

  @Test(
    "causes name the contradicting events",
    arguments: [
      (
        ["Created", "StockReserved", "PaymentFailed", "StockReleased", "Cancelled", "Paid"], CauseKind.lateSuccess,
        "payment succeeded after the compensation was over: undo it"
      ),
      (
        ["Created", "StockReserved", "Paid", "Delivered", "Cancelled"], .contradictingEnd,
        "Cancelled ends the saga as compensated, although it had ended before"
      ),
      (
        ["Created", "StockReserved", "Paid", "Delivered", "PaymentFailed"], .lateFailure,
        "payment failed after the saga had ended as completed"
      ),
      (["Created", "StockReserved", "Delivered"], .eventMissing, "the event that ends payment was never seen"),
    ])
  func why(events: [String], kind: CauseKind, sentence: String) throws {
    var maker = EventMaker()
    let store = maker.store([Self.order])
    store.accept(EventBatch(events: events.enumerated().map { maker.event($1, at: Int64($0) * 1000) }))
    let diagnosis = try #require(store.find(id: "1").flatMap { store.diagnosis($0, now: ShopFixture.time(60_000)) })
    let cause = try #require(diagnosis.causes.first)
    #expect(cause.kind == kind)
    #expect(cause.sentence == sentence)
  }
}
