import TestRandom
import Testing

@testable import Core

@Suite("The store")
struct StoreTests {
  private func source(complete: Bool, phase: SourceStatus.Phase = .up, lastSuccess: Int64 = 0) -> SourceStatus {
    var status = SourceStatus(.kafka, phase: phase)
    status.isComplete = complete
    status.lastSuccess = ShopFixture.time(lastSuccess)
    return status
  }

  @Test("a saga is stuck when its step's deadline has passed, until its next event")
  func stuck() throws {
    var maker = EventMaker()
    let store = maker.store()
    store.accept(source(complete: true))
    store.accept(EventBatch(events: [maker.event("order-created", at: 0)]))
    #expect(store.row("1", at: 9_999)?.flags == [])
    #expect(store.row("1", at: 10_000)?.flags == .stuck)
    #expect(store.overview(limit: 9, now: ShopFixture.time(10_000)).total.counts.stuck == 1)

    store.accept(EventBatch(events: [maker.event("inventory-reserved", at: 12_000)]))
    #expect(store.row("1", at: 12_000)?.flags == [])
    #expect(store.overview(limit: 9, now: ShopFixture.time(41_000)).total.counts.stuck == 0)
    #expect(store.overview(limit: 9, now: ShopFixture.time(42_000)).total.counts.stuck == 1)
  }

  @Test("if a producer's clock is ahead, a deadline counts from the time of reading")
  func clockAhead() {
    var maker = EventMaker()
    let store = maker.store()
    store.accept(source(complete: true))
    var batch = EventBatch(events: [maker.event("order-created", at: 60_000)])
    batch.readAt = ShopFixture.time(0)
    store.accept(batch)
    #expect(store.row("1", at: 9_999)?.flags == [])
    #expect(store.row("1", at: 10_000)?.flags == .stuck)
    let view = store.overview(limit: 9, now: ShopFixture.time(15_000))
    #expect(view.stuckSince == ShopFixture.time(0) && view.newestStuck == ShopFixture.time(0))
  }

  @Test("ends are counted even if all sagas started before the first event that was read")
  func endsOnly() {
    var maker = EventMaker()
    let store = maker.store()
    store.accept(source(complete: true, lastSuccess: 30_000))
    store.accept(
      EventBatch(events: (0..<6).map { maker.event("delivery-completed", at: Int64($0) * 5_000, id: "\($0)") }))
    let view = store.overview(limit: 9, now: ShopFixture.time(30_000))
    #expect(view.total.startRate == nil && view.total.endRate == 0.2)
  }

  @Test("a step with an earlier deadline than the previous step is stuck at its own deadline")
  func shorterDeadline() {
    var maker = EventMaker()
    let store = maker.store()
    store.accept(source(complete: true))
    store.accept(EventBatch(events: [maker.event("payment-completed", at: 0)]))
    store.accept(EventBatch(events: [maker.event("order-created", at: 1_000)]))
    #expect(store.row("1", at: 10_999)?.flags == [])
    #expect(store.row("1", at: 11_000)?.flags == .stuck)
  }

  @Test("without a known end, a saga with all known events is not stuck, regardless of the last one")
  func openEnded() {
    var trip = SagaDefinition(
      type: "trip", identities: [.init(name: "tripId", sources: [.path(["tripId"])])],
      steps: ["flight", "hotel"].map { StepDefinition(name: $0) },
      events: ["flight", "hotel"].map { EventRule(type: $0, effects: [.init(.completes, .named($0))]) })
    trip.isCompletedBySteps = false
    var maker = EventMaker()
    let store = maker.store([trip])
    store.accept(source(complete: true))
    store.accept(EventBatch(events: [maker.event("hotel", at: 2_000)]))
    #expect(store.row("1", at: 60_000)?.flags == .stuck)
    store.accept(EventBatch(events: [maker.event("flight", at: 1_000)]))
    #expect(store.row("1", at: 61_000)?.flags == [])
    #expect(store.row("1", at: 900_000)?.status == .running)
    #expect(store.row("1", at: 900_000)?.flags == [])
  }

  @Test("the end of a saga with too many events is still recognised")
  func manyEvents() throws {
    var maker = EventMaker()
    let store = maker.store(limits: StoreLimits(maxEventsPerSaga: 10))
    var events = [maker.event("order-created", at: 0)]
    for number in 1...50 { events.append(maker.event("order-viewed", at: Int64(number))) }
    events.append(maker.event("delivery-completed", at: 100))
    store.accept(EventBatch(events: events))
    let view = try #require(store.find(id: "1").flatMap { store.saga($0, now: ShopFixture.time(100)) })
    #expect(view.row.status == .completed)
    #expect(view.row.flags == [])
    #expect(view.events.count == 10)
    #expect(view.droppedEvents == 42)
  }

  @Test("sources without events do not delay verdicts, and a partially readable source is incomplete")
  func otherSources() {
    var maker = EventMaker()
    let store = maker.store()
    store.accept(source(complete: true))
    store.accept(SourceStatus(.lag, phase: .down))
    store.accept(EventBatch(events: [maker.event("order-created", at: 0)]))
    #expect(store.row("1", at: 10_000)?.flags == .stuck)
    #expect(!store.isComplete)
    var lag = SourceStatus(.lag, phase: .up)
    lag.isComplete = true
    store.accept(lag)
    #expect(store.isComplete)
    store.accept(source(complete: true, phase: .degraded))
    #expect(!store.isComplete)
    #expect(store.row("1", at: 10_000)?.flags == .stuck)
  }

  @Test("nothing is stuck while a source is catching up")
  func catchingUp() {
    var maker = EventMaker()
    let store = maker.store()
    store.accept(source(complete: false))
    store.accept(EventBatch(events: [maker.event("order-created", at: 0)]))
    #expect(store.row("1", at: 60_000)?.flags == [])
    store.accept(source(complete: true))
    #expect(store.row("1", at: 60_000)?.flags == .stuck)
  }

  @Test("nothing becomes stuck because a source is silent")
  func silentSource() {
    var maker = EventMaker()
    let store = maker.store()
    store.accept(source(complete: true, phase: .down, lastSuccess: 5_000))
    store.accept(EventBatch(events: [maker.event("order-created", at: 0)]))
    #expect(store.row("1", at: 60_000)?.flags == [])
  }

  @Test("a step without a deadline learns it from ended sagas: five times their p99, at least ten seconds")
  func learnedDeadline() throws {
    var maker = EventMaker()
    let store = maker.store()
    store.accept(source(complete: true))
    let waiting = maker.event("payment-completed", at: 0, id: "waiting")
    store.accept(EventBatch(events: [waiting]))
    #expect(store.row("waiting")?.deadline == .seconds(30))
    for number in 0..<20 {
      store.accept(
        EventBatch(events: [
          maker.event("payment-completed", at: 0, id: "done\(number)"),
          maker.event("delivery-completed", at: 4_000, id: "done\(number)"),
        ]))
    }
    let learned = try #require(store.row("waiting")?.deadline).seconds
    #expect(abs(learned - 20) < 0.4)
  }

  @Test("ended sagas are dropped after the retention, running ones are not")
  func retention() {
    var maker = EventMaker()
    let store = maker.store(limits: StoreLimits(retention: .seconds(60)))
    store.accept(
      EventBatch(events: [
        maker.event("order-created", at: 0, id: "ended"), maker.event("delivery-completed", at: 10, id: "ended"),
        maker.event("order-created", at: 0, id: "running"),
      ]))
    #expect(store.row("ended", at: 60_010) != nil)
    #expect(store.row("ended", at: 60_011) == nil)
    #expect(store.row("running", at: 60_011) != nil)
    let overview = store.overview(limit: 9, now: ShopFixture.time(60_011))
    #expect(overview.evicted == 1)
    #expect(overview.total.counts.completed == 0)
  }

  @Test("beyond the maximum number of sagas the oldest ended ones are dropped first")
  func bound() {
    var maker = EventMaker()
    let store = maker.store(limits: StoreLimits(maxSagas: 2))
    store.accept(
      EventBatch(events: [
        maker.event("order-created", at: 0, id: "a"), maker.event("order-created", at: 1, id: "b"),
        maker.event("delivery-completed", at: 2, id: "b"), maker.event("order-created", at: 3, id: "c"),
      ]))
    #expect(["a", "b", "c"].map { store.row($0) != nil } == [true, false, true])
    let overview = store.overview(limit: 9, now: ShopFixture.time(4))
    #expect(overview.evicted == 1 && overview.evictedOpen == 0)
  }

  @Test("dropped sagas without an end, or with manual work to do, are counted")
  func evictedOpen() {
    var maker = EventMaker()
    let store = maker.store(limits: StoreLimits(maxSagas: 1))
    for (at, id) in [(0, "a"), (1, "b"), (2, "c")] as [(Int64, String)] {
      store.accept(EventBatch(events: [maker.event("order-created", at: at, id: id)]))
    }
    let overview = store.overview(limit: 9, now: ShopFixture.time(4))
    #expect(overview.evicted == 2 && overview.evictedOpen == 2)
  }

  @Test("late events of a dropped saga do not create it again; newer events do")
  func lateEvents() {
    var maker = EventMaker()
    let store = maker.store(limits: StoreLimits(maxSagas: 1), now: 100)
    store.accept(EventBatch(events: [maker.event("delivery-completed", at: 50, id: "a")]))
    store.accept(EventBatch(events: [maker.event("order-created", at: 60, id: "b")]))
    store.accept(
      EventBatch(events: [
        maker.event("order-created", at: 0, id: "a"), maker.event("delivery-completed", at: 50, id: "a"),
      ]))
    #expect(store.row("a") == nil)
    #expect(store.row("b")?.status == .running)
    #expect(store.overview(limit: 9, now: ShopFixture.time(60)).late == 2)
    store.accept(EventBatch(events: [maker.event("payment-failed", at: 70, id: "a")]))
    #expect(store.row("a")?.status == .compensating)
  }

  @Test("an old saga read backwards, topic by topic, is not taken for an unfinished one")
  func oldHistory() {
    var maker = EventMaker()
    let store = maker.store(limits: StoreLimits(retention: .seconds(60)), now: 3_600_000)
    store.accept(source(complete: false, phase: .catchingUp))
    for type in ["delivery-completed", "payment-completed", "inventory-reserved", "order-created"] {
      let events = (0..<3000).map { maker.event(type, at: Int64($0), id: "\($0)") }
      store.accept(EventBatch(events: events))
    }
    store.accept(source(complete: true))
    let overview = store.overview(limit: 9, now: ShopFixture.time(3_600_000))
    #expect(overview.sagas.total == 0)
    #expect(overview.evicted == 3000)
  }

  @Test("of a history larger than the limit the newest sagas are kept, although ends are read first")
  func longHistory() {
    var maker = EventMaker()
    let store = maker.store(limits: StoreLimits(maxSagas: 500), now: 3_600_000)
    store.accept(source(complete: false, phase: .catchingUp))
    for type in ["delivery-completed", "order-created", "payment-completed"] {
      store.accept(EventBatch(events: (0..<12_000).map { maker.event(type, at: Int64($0), id: "\($0)") }))
    }
    let counts = store.overview(limit: 1, now: ShopFixture.time(3_600_000)).total.counts
    #expect(counts.completed == 500)
    #expect(counts.running == 0)
  }

  @Test("after the initial read lists are in order of time, for any read order of topics and partitions")
  func listsAfterCatchingUp() {
    var maker = EventMaker()
    let store = maker.store()
    store.accept(source(complete: false, phase: .catchingUp))
    for number in [3, 1, 2] {
      store.accept(
        EventBatch(events: [
          maker.event("delivery-completed", at: Int64(100 + number), id: "done\(number)"),
          maker.event("order-created", at: Int64(number), id: "\(number)"),
        ]))
    }
    store.accept(source(complete: true))
    let rows = store.sagas(SagaQuery(), now: ShopFixture.time(200)).rows
    #expect(rows.map(\.id) == ["1", "2", "3", "done3", "done2", "done1"])
  }

  @Test("the oldest ended saga is dropped first, regardless of its status, so that the completion rate stays correct")
  func fairBound() {
    var maker = EventMaker()
    let store = maker.store(limits: StoreLimits(maxSagas: 2))
    store.accept(
      EventBatch(events: [
        maker.event("order-cancelled", at: 0, id: "a"), maker.event("delivery-completed", at: 1, id: "b"),
        maker.event("delivery-completed", at: 2, id: "c"),
      ]))
    #expect(["a", "b", "c"].map { store.row($0) != nil } == [false, true, true])
  }

  @Test("a saga has a limited number of ids")
  func manyKeys() throws {
    var maker = EventMaker()
    let store = maker.store()
    for number in 0..<5000 {
      let more = [SagaKey(identity: 1, value: "trace-\(number)")]
      store.accept(EventBatch(events: [maker.event("order-created", at: Int64(number), more: more)]))
    }
    let handle = try #require(store.find(id: "1"))
    #expect(store.saga(handle, now: ShopFixture.time(0))?.ids.count == Saga.mostKeys)
    #expect(store.find(id: "trace-4999") == nil)
  }

  @Test("a handle never finds another saga in the place of a dropped one")
  func handles() throws {
    var maker = EventMaker()
    let store = maker.store(limits: StoreLimits(maxSagas: 1))
    store.accept(EventBatch(events: [maker.event("order-created", at: 0, id: "a")]))
    let handle = try #require(store.find(id: "a"))
    store.accept(EventBatch(events: [maker.event("order-created", at: 1, id: "b")]))
    store.accept(EventBatch(events: [maker.event("order-created", at: 1, id: "c")]))
    #expect(store.saga(handle, now: ShopFixture.time(0)) == nil)
  }

  @Test("totals equal the totals of the rows, after any additions and removals", arguments: 1...30)
  func sums(seed: Int) {
    var random = SeededRandom(seed: UInt64(seed))
    var maker = EventMaker()
    let store = maker.store(limits: StoreLimits(maxSagas: 20))
    store.accept(source(complete: true))
    for _ in 0..<300 {
      let rule = ShopFixture.order.events.randomElement(using: &random)?.type ?? ""
      let id = "\(Int.random(in: 0..<40, using: &random))"
      store.accept(EventBatch(events: [maker.event(rule, at: Int64.random(in: 0...60_000, using: &random), id: id)]))
    }
    let view = store.overview(limit: 1000, now: ShopFixture.time(70_000))
    let rows = view.sagas.rows
    func count(_ status: SagaStatus) -> Int { rows.count { $0.status == status } }
    #expect(view.sagas.total == rows.count && rows.count <= 20, "seed \(seed)")
    #expect(view.total.counts.running == count(.running), "seed \(seed)")
    #expect(view.total.counts.completed == count(.completed), "seed \(seed)")
    #expect(view.total.counts.compensating == count(.compensating), "seed \(seed)")
    #expect(view.total.counts.compensated == count(.compensated), "seed \(seed)")
    #expect(view.total.counts.failed == count(.failed), "seed \(seed)")
    #expect(view.total.counts.stuck == rows.count { $0.flags.contains(.stuck) }, "seed \(seed)")
    #expect(view.types[0].counts == view.total.counts, "seed \(seed)")
  }

  @Test("undecodable messages are counted per topic and listed with their reason")
  func undecoded() {
    let maker = EventMaker()
    let store = maker.store()
    let message = UndecodedMessage(
      origin: Origin(topic: maker.symbols.symbol("orders"), partition: 0, offset: 7), time: ShopFixture.time(0),
      reason: "not JSON", text: MessageSlice(bodyLength: 3, fullBodyLength: 5_000_000))
    store.accept(EventBatch(arena: [1, 2, 3], undecoded: [message]))
    let view = store.events(EventQuery(), now: ShopFixture.time(0))
    #expect(view.undecoded == [.init(topic: "orders", count: 1, lastReason: "not JSON")])
    #expect(view.rows.first?.undecoded == "not JSON")
    #expect(view.rows.first.flatMap { store.message($0.message) }?.body == [1, 2, 3])
    #expect(view.rows.first.flatMap { store.message($0.message) }?.fullBodyLength == 5_000_000)
  }
}
