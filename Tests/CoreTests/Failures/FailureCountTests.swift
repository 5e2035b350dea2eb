import TestRandom
import Testing

@testable import Core

@Suite("Failure patterns are a function of the set of events")
struct FailureCountTests {
  private static func history(_ random: inout SeededRandom, _ maker: inout EventMaker) -> [Event] {
    (0..<Int.random(in: 1...60, using: &random)).map { _ in
      let isOrder = Bool.random(using: &random)
      let rule = (isOrder ? ShopFixture.order : ShopFixture.orchestrated).events.randomElement(using: &random)
      let first = SagaKey(identity: 0, value: "a\(Int.random(in: 0...4, using: &random))")
      let second = SagaKey(identity: 1, value: "b\(first.value)")
      let keys = [[first], [second], [first, second]].randomElement(using: &random) ?? [first]
      return maker.event(
        rule?.type ?? "", at: Int64.random(in: 0...40, using: &random) * 250, id: keys[0].value,
        identity: keys[0].identity, more: Array(keys.dropFirst()), definition: isOrder ? 0 : 1,
        node: "n\(Int.random(in: 1...3, using: &random))",
        steps: [["payment", "confirmation", "surprise"].randomElement(using: &random) ?? ""],
        error: [nil, "short 1", "short 2", "declined", "timeout"].randomElement(using: &random) ?? nil,
        fingerprint: UInt64.random(in: 0...30, using: &random))
    }
  }

  private static func picture(_ events: [Event], _ maker: EventMaker, batch: Int) -> [String] {
    let store = maker.store()
    for start in stride(from: 0, to: events.count, by: batch) {
      store.accept(EventBatch(events: Array(events[start..<min(start + batch, events.count)])))
    }
    return store.failures(FailureQuery(order: .pattern, limit: 100), now: ShopFixture.time(11_000)).rows.map { row in
      "\(row.pattern) \(row.count) \(row.sagas) \(row.firstAt) \(row.lastAt) \(row.steps) \(row.nodes) "
        + "\(String(describing: row.rate)) \(row.isNew)"
    }
  }

  /// Counts the failures again from the sagas of a new store.
  private static func recount(_ events: [Event], _ maker: EventMaker) -> [String: Int] {
    let store = maker.store()
    store.accept(EventBatch(events: events))
    var counts: [String: Int] = [:]
    for row in store.sagas(SagaQuery(limit: 1000), now: ShopFixture.time(0)).rows {
      let earlier = store.saga(row.handle, now: ShopFixture.time(0))?.earlier ?? []
      for round in earlier.map({ ($0.steps, $0.status, $0.error) }) + [(row.steps, row.status, row.error)] {
        count(round, in: &counts)
      }
    }
    return counts
  }

  private static func count(
    _ round: (steps: [StepView], status: SagaStatus, error: String?), in counts: inout [String: Int]
  ) {
    var found = 0
    for step in round.steps {
      for attempt in step.attempts where attempt.hasFailed {
        counts[ErrorPattern.of(attempt.error), default: 0] += 1
        found += 1
      }
      if step.status == .compensationFailed {
        counts[ErrorPattern.of(step.compensationError), default: 0] += 1
        found += 1
      }
    }
    if found == 0, round.status == .failed || round.status == .compensating, let error = round.error {
      counts[ErrorPattern.of(error), default: 0] += 1
    }
  }

  @Test("any order, repetition and batching of the events give the same counts", arguments: 1...300)
  func permutations(seed: Int) {
    var random = SeededRandom(seed: UInt64(seed))
    var maker = EventMaker()
    let events = Self.history(&random, &maker)
    let expected = Self.picture(events, maker, batch: events.count)
    let repeated = events.filter { _ in Int.random(in: 0...3, using: &random) == 0 }
    let permuted = (events + repeated).shuffled(using: &random)
    #expect(Self.picture(permuted, maker, batch: 1) == expected, "seed \(seed)")
  }

  @Test("the counts equal a full recount", arguments: 1...200)
  func recounted(seed: Int) {
    var random = SeededRandom(seed: UInt64(seed))
    var maker = EventMaker()
    let events = Self.history(&random, &maker)
    let store = maker.store()
    for event in events.shuffled(using: &random) { store.accept(EventBatch(events: [event])) }
    let rows = store.failures(FailureQuery(limit: 100), now: ShopFixture.time(0)).rows
    let counts = Dictionary(uniqueKeysWithValues: rows.map { ($0.pattern, $0.count) })
    #expect(counts == Self.recount(events, maker), "seed \(seed)")
  }
}
