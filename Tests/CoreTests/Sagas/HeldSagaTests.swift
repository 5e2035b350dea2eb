import Synchronization
import TestRandom
import Testing

@testable import Core

@Suite("Partial sagas are held until new topics are read")
struct HeldSagaTests {
  private let clock = Clock()
  private let store: Store
  private var maker = EventMaker()

  private final class Clock: Sendable {
    let milliseconds = Atomic<Int64>(0)
    var now: Timestamp { ShopFixture.time(milliseconds.load(ordering: .relaxed)) }
  }

  init() {
    store = Store(
      ShopFixture.system, context: .init(name: "test"), symbols: maker.symbols, now: { [clock] in clock.now })
  }

  private func readUntil(_ milliseconds: Int64?) {
    var status = SourceStatus(.kafka, phase: .up)
    status.isComplete = true
    status.lastSuccess = clock.now
    status.readUntil = milliseconds.map(ShopFixture.time)
    store.accept(status)
  }

  private func at(_ milliseconds: Int64) { clock.milliseconds.store(milliseconds, ordering: .relaxed) }

  private var counts: (all: Int, failed: Int) {
    let overview = store.overview(limit: 10, now: clock.now)
    let failed = store.failures(FailureQuery(limit: 10), now: clock.now).rows.count
    return (overview.sagas.rows.count, failed)
  }

  @Test("a partial saga is not counted until its start is read, then it is counted once")
  mutating func joined() {
    readUntil(0)
    at(1000)
    let byTrace = SagaKey(identity: 1, value: "t")
    store.accept(
      EventBatch(events: [
        maker.event("payment-failed", at: 900, error: "refused"),
        maker.event("inventory-reserved", at: 800, id: byTrace.value, identity: 1),
      ]))
    #expect(counts == (0, 0))
    store.accept(EventBatch(events: [maker.event("order-created", at: 700, more: [byTrace])]))
    #expect(counts == (1, 1))
    readUntil(2000)
    #expect(counts == (1, 1))
  }

  @Test("a partial saga without a start is counted when everything that existed at its arrival is read")
  mutating func released() {
    readUntil(0)
    at(1000)
    store.accept(EventBatch(events: [maker.event("payment-failed", at: 900, error: "refused")]))
    readUntil(900)
    #expect(counts == (0, 0))
    readUntil(1001)
    #expect(counts == (1, 1))
    #expect(store.row("1")?.flags == .incomplete)
    store.accept(EventBatch(events: [maker.event("inventory-released", at: 950)]))
    #expect(counts == (1, 1))
  }

  @Test("a counted partial saga stays counted when another part joins it")
  mutating func joinedLater() {
    readUntil(0)
    at(1000)
    store.accept(EventBatch(events: [maker.event("inventory-reserved", at: 900, id: "t", identity: 1)]))
    readUntil(1001)
    at(2000)
    store.accept(EventBatch(events: [maker.event("payment-failed", at: 1900, error: "refused")]))
    #expect(counts == (1, 0))
    let both = [SagaKey(identity: 1, value: "t")]
    store.accept(EventBatch(events: [maker.event("inventory-released", at: 1950, more: both)]))
    #expect(counts == (1, 1))
  }

  @Test("if reading does not progress, a partial saga is counted after fifteen seconds")
  mutating func patience() {
    readUntil(0)
    at(1000)
    store.accept(EventBatch(events: [maker.event("inventory-reserved", at: 900)]))
    at(16_000)
    #expect(counts == (0, 0))
    at(16_001)
    #expect(counts == (1, 0))
  }

  @Test("without possible new topics, no partial saga is held")
  mutating func fixedTopics() {
    readUntil(nil)
    store.accept(EventBatch(events: [maker.event("inventory-reserved", at: 900)]))
    #expect(counts == (1, 0))
  }

  @Test("for any interleaving of events and progress, the final counts are the same", arguments: 1...200)
  mutating func turns(seed: Int) {
    var random = SeededRandom(seed: UInt64(seed))
    let types = ["order-created", "inventory-reserved", "payment-failed", "inventory-released", "order-cancelled"]
    var events: [Event] = []
    for saga in 0..<5 {
      for (place, type) in types.enumerated() where place > 0 || saga > 1 {
        events.append(maker.event(type, at: Int64(place) * 100, id: "\(saga)", error: place == 2 ? "refused" : nil))
      }
    }
    let whole = maker.store()
    whole.accept(EventBatch(events: events))
    readUntil(0)
    for (place, event) in events.shuffled(using: &random).enumerated() {
      at(Int64(place) * 1000)
      store.accept(EventBatch(events: [event]))
      if Bool.random(using: &random) { readUntil(Int64(place) * 1000 - Int64.random(in: 0...3000, using: &random)) }
    }
    at(100_000)
    readUntil(100_000)
    let seen = { (store: Store) in
      let overview = store.overview(limit: 10, now: ShopFixture.time(100_000))
      let failures = store.failures(FailureQuery(limit: 10), now: ShopFixture.time(100_000)).rows.map(\.count)
      return
        "\(overview.types.map(\.counts)) \(failures) \(overview.sagas.rows.map { "\($0.id) \($0.status) \($0.flags)" }.sorted())"
    }
    #expect(seen(store) == seen(whole), "seed \(seed)")
  }
}
