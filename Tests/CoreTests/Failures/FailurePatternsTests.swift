import TestRandom
import Testing

@testable import Core

@Suite("Failures are counted once, grouped by error pattern")
struct FailurePatternsTests {
  private static func failures(_ store: Store, at milliseconds: Int64 = 1000) -> FailureList {
    store.failures(FailureQuery(limit: 1000), now: ShopFixture.time(milliseconds))
  }

  @Test("the samples of a pattern with thousands of sagas are stable")
  func samples() {
    var samples: Set<[String]> = []
    for _ in 0..<3 {
      var maker = EventMaker()
      let store = maker.store()
      let events = (0..<5000).map { maker.event("inventory-failed", at: Int64($0), id: "\($0)", error: "short") }
      store.accept(EventBatch(events: events))
      samples.insert(Self.failures(store, at: 5000).rows.first?.samples.map(\.id) ?? [])
    }
    #expect(samples.count == 1 && samples.first?.count == FailurePatterns.examples)
  }

  @Test("sagas that failed with similar texts have one pattern")
  func grouping() throws {
    var maker = EventMaker()
    var events: [Event] = []
    for saga in 1...9 {
      events.append(maker.event("order-created", at: Int64(saga), id: "\(saga)", node: "node-1"))
      let error = saga <= 6 ? "stock short for product \(saga)" : "no answer from 10.0.0.\(saga):8084"
      events.append(
        maker.event("inventory-failed", at: Int64(100 + saga), id: "\(saga)", node: "node-\(saga % 3)", error: error))
    }
    let store = maker.store()
    store.accept(EventBatch(events: events))
    let view = Self.failures(store)
    #expect(view.rows.map(\.pattern) == ["stock short for product <n>", "no answer from <addr>"])
    let first = try #require(view.rows.first)
    #expect(first.count == 6)
    #expect(first.sagas == 6)
    #expect(first.firstAt == ShopFixture.time(101))
    #expect(first.lastAt == ShopFixture.time(106))
    #expect(first.steps == [NamedCount(name: "inventory", count: 6)])
    #expect(first.nodes.map(\.count) == [2, 2, 2])
    #expect(first.samples.map(\.id) == ["6", "5", "4", "3", "2"])
    #expect(view.failures == 9)
    #expect(view.dropped == 0)
  }

  @Test("later or duplicate events of a saga do not count its failure again")
  func refolding() {
    var maker = EventMaker()
    let failed = maker.event("payment-failed", at: 10, error: "card declined")
    let events = [
      maker.event("order-created", at: 0), failed, failed, maker.event("inventory-released", at: 20), failed,
      maker.event("order-cancelled", at: 30, error: "card declined"),
    ]
    let store = maker.store()
    for event in events { store.accept(EventBatch(events: [event])) }
    #expect(Self.failures(store).rows.map(\.count) == [1])
  }

  @Test("each failed attempt is counted, and each saga once")
  func attempts() {
    var maker = EventMaker()
    let store = maker.store()
    store.accept(
      EventBatch(events: [
        maker.event("SagaStarted", at: 0, definition: 1),
        maker.event("SagaFailed", at: 10, definition: 1, steps: ["payment"], error: "timeout after 10 ms"),
        maker.event("SagaStepCompleted", at: 20, definition: 1, steps: ["payment"]),
        maker.event("SagaFailed", at: 30, definition: 1, steps: ["confirmation"], error: "timeout after 30 ms"),
      ]))
    let rows = Self.failures(store).rows
    #expect(rows.map(\.count) == [2])
    #expect(rows.map(\.sagas) == [1])
    #expect(rows.first?.steps.map(\.name) == ["confirmation", "payment"])
  }

  @Test(
    "a filter finds the sagas of a pattern, for any pattern text", arguments: ["", " \"or\" x", " \\ \\\" "])
  func filter(odd: String) throws {
    var maker = EventMaker()
    let store = maker.store()
    let texts = ["declined\(odd): 1", "declined\(odd): 2", "declined"]
    for (saga, text) in texts.enumerated() {
      store.accept(EventBatch(events: [maker.event("payment-failed", at: 10, id: "s\(saga)", error: text)]))
    }
    let pattern = ErrorPattern.of(texts[0])
    let filter = try Filter(parsing: Filter.text(pattern: pattern), for: SagaRow.vocabulary)
    #expect(filter == Filter(terms: [.init(word: "pattern", test: .equals(Array(pattern.utf8)), isNegated: false)]))
    let found = store.sagas(SagaQuery(filter: filter, order: .id), now: ShopFixture.time(20))
    #expect(found.rows.map(\.id) == ["s0", "s1"])
  }

  @Test(
    "a pattern is new for five minutes, if it was absent for longer than it has been present",
    arguments: [
      (100, 190, 200, true), (100, 140, 200, false), (0, 1000, 1299, true), (0, 1000, 1301, false), (0, 0, 1, false),
    ])
  func new(start: Int, first: Int, now: Int, isNew: Bool) {
    var maker = EventMaker()
    let store = maker.store()
    store.accept(
      EventBatch(events: [
        maker.event("order-created", at: Int64(start) * 1000, id: "1"),
        maker.event("payment-failed", at: Int64(first) * 1000, id: "2", error: "declined"),
      ]))
    #expect(Self.failures(store, at: Int64(now) * 1000).rows.map(\.isNew) == [isNew])
  }

  @Test("the number of patterns is limited; dropped ones are counted, and a frequent one is found eventually")
  func bounded() {
    var patterns = FailurePatterns(capacity: 10)
    let letters = Array("abcdefghijklmnopqrstuvwxyz").map(String.init)
    var total = 0
    for round in 0..<2000 {
      let word = letters[round % 26] + letters[round / 26 % 26] + letters[round / 676]
      for text in ["rare \(word)"] + (round % 4 == 0 ? ["frequent"] : []) {
        let failure = SagaFailure(error: text, step: .none, node: .none, time: ShopFixture.time(Int64(round)))
        _ = patterns.add(failure, of: Int32(total))
        total += 1
      }
    }
    #expect(patterns.count == 10)
    #expect(patterns.all.reduce(0) { $0 + $1.count } + patterns.dropped == total)
    let top = patterns.all.max { $0.count < $1.count }
    #expect(top?.text == "frequent")
    #expect((top?.count ?? 0) + (top?.missedAtMost ?? 0) >= 500)
  }

  @Test("dropped sagas remove their failures, but the time of the first failure is kept")
  func letGo() throws {
    var maker = EventMaker()
    let store = maker.store(limits: StoreLimits(maxSagas: 2))
    for saga in 1...3 {
      store.accept(
        EventBatch(events: [
          maker.event("inventory-failed", at: Int64(saga), id: "\(saga)", error: "short"),
          maker.event("order-cancelled", at: Int64(saga) + 1, id: "\(saga)"),
        ]))
    }
    let row = try #require(Self.failures(store).rows.first)
    #expect(row.count == 2)
    #expect(row.firstAt == ShopFixture.time(1))
  }

  @Test(
    "if there is no room, the pattern with the lowest weight is dropped, regardless of earlier removals",
    arguments: 1...50)
  func least(seed: Int) {
    var random = SeededRandom(seed: UInt64(seed))
    var patterns = FailurePatterns(capacity: 8)
    var marks: [FailureMark] = []
    for number in 0..<400 {
      if Int.random(in: 0...3, using: &random) == 0, !marks.isEmpty {
        let mark = marks.remove(at: Int.random(in: 0..<marks.count, using: &random))
        if Bool.random(using: &random) { patterns.takeBack(mark, of: 0) } else { patterns.forget(mark, of: 0) }
        continue
      }
      let letter = Unicode.Scalar(UInt8.random(in: 97...122, using: &random))
      let failure = SagaFailure(
        error: "refused by \(letter)", step: .none, node: .none, time: ShopFixture.time(Int64(number)))
      let before = patterns.all
      marks.append(patterns.add(failure, of: 0))
      let after = Set(patterns.all.map(\.id))
      guard before.count == 8, !before.contains(where: { $0.id == marks[marks.count - 1].pattern }) else { continue }
      let gone = before.filter { !after.contains($0.id) }
      let least = before.min { ($0.weight, $0.last ?? .distantPast) < ($1.weight, $1.last ?? .distantPast) }
      #expect(gone.map(\.weight) == [least?.weight], "seed \(seed)")
      #expect(patterns.pattern(marks[marks.count - 1].pattern)?.missedAtMost == least?.weight, "seed \(seed)")
    }
  }
}
