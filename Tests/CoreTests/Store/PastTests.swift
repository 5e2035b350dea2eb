import TestRandom
import Testing

@testable import Core

@Suite("History read after the present")
struct PastTests {
  private static let now: Int64 = 1_000_000

  private func status(whole: Bool) -> SourceStatus {
    var status = SourceStatus(.kafka, phase: .up)
    status.isComplete = true
    status.lastSuccess = ShopFixture.time(Self.now)
    status.window = ReadWindow(wantedSince: nil, readSince: whole ? nil : ShopFixture.time(Self.now / 2))
    return status
  }

  private func past(_ events: [Event], isLast: Bool = false) -> EventBatch {
    var batch = EventBatch(events: events)
    (batch.isPast, batch.endsSlice) = (true, isLast)
    return batch
  }

  /// Sagas at random times, some of which never end, in order of time.
  private func history(_ random: inout SeededRandom, _ maker: inout EventMaker) -> [Event] {
    let types = ["order-created", "inventory-reserved", "payment-completed", "delivery-started", "delivery-completed"]
    return (0..<40).flatMap { number in
      let start = Int64.random(in: 0..<Self.now - 100_000, using: &random)
      let count = Bool.random(using: &random) ? types.count : Int.random(in: 1...types.count, using: &random)
      return types.prefix(count).enumerated().map { place, type in
        maker.event(type, at: start + Int64(place) * 1_500, id: "\(number)")
      }
    }.sorted { $0.time < $1.time }
  }

  private func picture(_ store: Store) -> [String] {
    let now = ShopFixture.time(Self.now)
    let rows = store.sagas(SagaQuery(order: .id, limit: 1000), now: now).rows.map {
      "\($0.id) \($0.status) \($0.flags) \($0.step ?? "-") \($0.steps)"
    }
    return rows + store.overview(limit: 0, now: now).types.map { "\($0)" }
  }

  @Test("history read backwards in any slices and orders gives the same result", arguments: 1...200)
  func slices(seed: Int) {
    var random = SeededRandom(seed: UInt64(seed))
    var maker = EventMaker()
    let events = history(&random, &maker)
    let forward = maker.store(now: Self.now)
    forward.accept(EventBatch(events: events))
    forward.accept(status(whole: true))

    let backward = maker.store(now: Self.now)
    var rest = events[...]
    let present = rest.suffix(Int.random(in: 0...60, using: &random))
    rest = rest.dropLast(present.count)
    backward.accept(EventBatch(events: Array(present)))
    backward.accept(status(whole: false))
    while !rest.isEmpty {
      let slice = rest.suffix(Int.random(in: 1...40, using: &random))
      rest = rest.dropLast(slice.count)
      for event in slice.shuffled(using: &random) { backward.accept(past([event])) }
      backward.accept(past([], isLast: true))
    }
    backward.accept(status(whole: true))
    #expect(picture(backward) == picture(forward), "seed \(seed)")
  }

  @Test("a saga of the past is never shown as stuck or running before its slice is read")
  func halfRead() {
    var maker = EventMaker()
    let store = maker.store(now: Self.now)
    store.accept(status(whole: false))
    store.accept(past([maker.event("order-created", at: 0)]))
    let now = ShopFixture.time(Self.now)
    #expect(store.overview(limit: 9, now: now).sagas.rows.isEmpty)
    #expect(store.overview(limit: 9, now: now).total.counts.stuck == 0)
    store.accept(past([maker.event("delivery-completed", at: 5_000)], isLast: true))
    let rows = store.overview(limit: 9, now: now).sagas.rows
    #expect(rows.map(\.status) == [.completed])
  }

  @Test("an unfinished saga is stuck when its slice is read; a partially known saga is completed")
  func completed() {
    var maker = EventMaker()
    let store = maker.store(now: Self.now)
    let end = maker.event("delivery-completed", at: Self.now - 1_000, id: "2")
    store.accept(EventBatch(events: [end]))
    store.accept(status(whole: false))
    #expect(store.row("2", at: Self.now)?.flags.contains(.incomplete) == true)
    store.accept(past([maker.event("order-created", at: 0), maker.event("order-created", at: 10, id: "2")]))
    #expect(store.row("2", at: Self.now)?.flags.contains(.incomplete) == false)
    store.accept(past([], isLast: true))
    #expect(store.overview(limit: 9, now: ShopFixture.time(Self.now)).total.counts.stuck == 1)
    #expect(store.row("1", at: Self.now)?.flags == .stuck)
  }

  @Test("history displaces no newer event, text or saga")
  func bounds() {
    var maker = EventMaker()
    let store = maker.store(
      limits: StoreLimits(retention: .seconds(10_000), maxSagas: 10, recentEvents: 10), now: Self.now)
    func flow(_ id: Int, _ time: Int64) -> [Event] {
      [
        maker.event("order-created", at: time, id: "\(id)"),
        maker.event("delivery-completed", at: time + 100, id: "\(id)"),
      ]
    }
    store.accept(EventBatch(events: (0..<8).flatMap { flow($0, Self.now - 10_000) }))
    store.accept(status(whole: false))
    store.accept(past((100..<140).flatMap { flow($0, 1_000) }, isLast: true))
    store.accept(past((200..<240).flatMap { flow($0, 500) }, isLast: true))
    let now = ShopFixture.time(Self.now)
    let ids = store.sagas(SagaQuery(order: .id, limit: 100), now: now).rows.map(\.id)
    #expect(ids.count == 10 && Set(ids).isSuperset(of: (0..<8).map(String.init)))
    let events = store.events(EventQuery(limit: 100), now: now).rows
    #expect(events.count == 10 && events.allSatisfy { $0.time >= ShopFixture.time(Self.now - 10_000) })
    #expect(store.overview(limit: 0, now: now).total.counts.completed == 10)
  }

  @Test("until history is read, counts are lower bounds or unknown, with a reason that contains the start of reading")
  func quality() {
    let coverage = SourceCoverage([status(whole: false)], at: ShopFixture.time(Self.now))
    #expect(coverage.quality == .atLeast && !coverage.isWhole)
    #expect(coverage.reason.contains(ShopFixture.time(Self.now / 2).iso8601))
    #expect(SourceCoverage([status(whole: true)], at: ShopFixture.time(Self.now)).quality == .exact)
  }
}
