import TestRandom
import Testing

@testable import Core

@Suite("The state of a saga is a function of the set of its events")
struct OrderIndependenceTests {
  private static let kinds = [ShopFixture.order, ShopFixture.orchestrated, ShopFixture.trip]

  /// A random history of a few sagas of all kinds: valid sequences in which some events are missing, repeated, late or dead-lettered.
  private static func history(_ random: inout SeededRandom, _ maker: inout EventMaker) -> [Event] {
    var events: [Event] = []
    for saga in 0..<Int.random(in: 1...6, using: &random) {
      let kind = Int.random(in: 0..<kinds.count, using: &random)
      let definition = kinds[kind]
      for _ in 0..<Int.random(in: 1...18, using: &random) {
        guard let rule = definition.events.randomElement(using: &random) else { continue }
        let names = definition.steps.map(\.name) + ["surprise"]
        events.append(
          event(
            rule.type, saga: saga, kind: kind, step: names.randomElement(using: &random) ?? "", &random, &maker))
      }
    }
    return events
  }

  /// The event has one of the saga's two ids or both. So the store must join parts of a saga that were folded separately.
  private static func event(
    _ type: String, saga: Int, kind: Int, step: String, _ random: inout SeededRandom, _ maker: inout EventMaker
  ) -> Event {
    let first = SagaKey(identity: 0, value: "a\(saga)")
    let second = SagaKey(identity: 1, value: "b\(saga)")
    let keys = [[first], [second], [first, second]].randomElement(using: &random) ?? [first]
    var event = maker.event(
      type, at: Int64.random(in: 0...20, using: &random) * 5, id: keys[0].value, identity: keys[0].identity,
      more: Array(keys.dropFirst()), definition: UInt16(kind), node: "node-\(Int.random(in: 1...3, using: &random))",
      steps: [step], error: Bool.random(using: &random) ? "error \(Int.random(in: 1...9, using: &random))" : nil,
      topic: ["t1", "t2"].randomElement(using: &random),
      fingerprint: UInt64.random(in: 0...40, using: &random) < 8 ? UInt64.random(in: 1...30, using: &random) : 0)
    if Int.random(in: 0...9, using: &random) == 0 {
      event.deadLetter = DeadLetter(
        originalTopic: .none, error: "put aside", isRetry: Bool.random(using: &random))
    }
    event.isTimeOfReading = Int.random(in: 0...9, using: &random) == 0
    return event
  }

  /// All visible data of all sagas and totals, except handles, which depend on the order of arrival.
  private static func picture(of events: [Event], _ maker: EventMaker, inBatchesOf size: Int = .max) -> String {
    let store = maker.store(kinds)
    for start in stride(from: 0, to: events.count, by: min(size, events.count)) {
      store.accept(EventBatch(events: Array(events[start..<min(start + min(size, events.count), events.count)])))
    }
    let list = store.sagas(SagaQuery(order: .id, limit: 100), now: ShopFixture.time(0))
    let sagas = list.rows.map { row in
      let view = store.saga(row.handle, now: ShopFixture.time(0))
      let ids = view?.ids.map { "\($0.name)=\($0.value)" } ?? []
      let times = [row.startedAt, row.updatedAt, row.progressAt ?? .distantPast, row.endedAt ?? .distantPast].map(
        \.milliseconds)
      let seen = view?.events.map { "\($0.topic)/\($0.offset)" } ?? []
      return "\(row.type) \(ids) \(row.status) \(row.flags.names) \(row.step ?? "-") \(times) \(row.node ?? "-") "
        + "\(row.id) \(row.error ?? "-") \(row.steps) \(seen) \(view?.earlier ?? []) \(view?.contradictions ?? [])"
    }
    let overview = store.overview(limit: 0, now: ShopFixture.time(1000))
    let undone = store.compensations(CompensationQuery(order: .id, limit: 100), now: ShopFixture.time(1000))
    let compensations = undone.rows.map {
      "\($0.sagaID) \($0.round) \($0.outcome) \($0.startedAt) \($0.endedAt ?? .distantPast)"
    }
    return (sagas.sorted() + overview.types.map { "\($0)" } + compensations.sorted()).joined(separator: "\n")
  }

  @Test("any order, repetition and batching of the events give the same result", arguments: 1...400)
  func permutations(seed: Int) {
    var random = SeededRandom(seed: UInt64(seed))
    var maker = EventMaker()
    let events = Self.history(&random, &maker)
    let expected = Self.picture(of: events, maker)
    for _ in 0..<3 {
      let repeated = events.filter { _ in Int.random(in: 0...3, using: &random) == 0 }
      let permuted = (events + repeated).shuffled(using: &random)
      #expect(Self.picture(of: permuted, maker) == expected, "seed \(seed)")
    }
  }

  @Test(
    "events applied one at a time to the stored state, or as one batch, give the same result", arguments: 1...400)
  func batches(seed: Int) {
    var random = SeededRandom(seed: UInt64(seed))
    var maker = EventMaker()
    let events = Self.history(&random, &maker)
    let whole = maker.store(Self.kinds)
    whole.accept(EventBatch(events: events))
    let single = maker.store(Self.kinds)
    for event in events { single.accept(EventBatch(events: [event])) }
    let query = SagaQuery(order: .id, limit: 100)
    let seen = { (store: Store) in
      (
        "\(store.sagas(query, now: ShopFixture.time(0)).rows.map { "\($0.id) \($0.status) \($0.flags) \($0.round) \($0.steps)" })",
        "\(store.overview(limit: 0, now: ShopFixture.time(1000)).types)"
      )
    }
    #expect(seen(whole) == seen(single), "seed \(seed)")
  }

  @Test(
    "canonically ordered events applied one at a time give the result of a single run",
    arguments: 1...400)
  func steps(seed: Int) {
    var random = SeededRandom(seed: UInt64(seed))
    var maker = EventMaker()
    let definition = CompiledDefinition(Self.kinds[seed % Self.kinds.count], symbols: maker.symbols)
    let order = EventOrder(symbols: maker.symbols)
    var (stepwise, whole) = (SagaFold(definition), SagaFold(definition))
    var events = SagaEvents()
    var applied = 0
    stepwise.reset()
    for event in Self.history(&random, &maker) {
      guard let link = event.link else { continue }
      var record = EventRecord(event, message: .none)
      record.rule = definition.rule(of: event.type, maker.symbols)
      guard let place = events.insert(record, link.details, order) else { continue }
      if place < applied {
        stepwise.reset()
        applied = 0
      }
      stepwise.apply(events, from: applied)
      applied = events.count
      whole.run(events)
      #expect("\(stepwise.state)" == "\(whole.state)", "seed \(seed)")
    }
  }

  /// A sequence of events, and a condition on the resulting row that proves that the sequence has the described effect.
  struct Course: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var kind = 2
    var events: [String]
    var shows: @Sendable (SagaRow) -> Bool
  }

  static let courses: [Course] = [
    Course(
      testDescription: "rounds: tried again after a roll-back, then completed", kind: 0,
      events: [
        "order-created", "inventory-reserved", "payment-failed", "inventory-released", "order-cancelled",
        "order-created", "inventory-reserved", "payment-completed", "delivery-completed",
      ], shows: { $0.round == 2 && $0.status == .completed }),
    Course(
      testDescription: "rounds: a third one that is not over", kind: 0,
      events: [
        "order-created", "inventory-failed", "order-cancelled", "order-created", "inventory-failed",
        "order-cancelled", "order-created", "inventory-reserved",
      ], shows: { $0.round == 3 && $0.status == .running }),
    Course(
      testDescription: "joins: parallel steps, and no event that ends",
      events: ["TripAsked", "FlightBooked", "HotelBooked", "Paid"], shows: { $0.status == .completed }),
    Course(
      testDescription: "joins: the first of two parallel steps comes last",
      events: ["TripAsked", "HotelBooked", "Paid", "FlightBooked"], shows: { $0.status == .completed }),
    Course(
      testDescription: "optional steps: taken",
      events: ["TripAsked", "FlightBooked", "HotelBooked", "Insured", "Paid"],
      shows: { $0.status == .completed && $0.steps[2].status == .completed }),
    Course(
      testDescription: "optional steps: left out",
      events: ["TripAsked", "FlightBooked", "HotelBooked", "Paid"],
      shows: { $0.steps[2].status == .skipped }),
    Course(
      testDescription: "late failures: after the completion",
      events: ["TripAsked", "FlightBooked", "HotelBooked", "Paid", "HotelFull"],
      shows: { $0.status == .completed && $0.flags.contains(.inconsistent) }),
    Course(
      testDescription: "late failures: a time-out after its step was done",
      events: ["TripAsked", "FlightBooked", "HotelBooked", "Paid", "PaymentTimeout"],
      shows: { $0.status == .completed && !$0.flags.contains(.inconsistent) }),
    Course(
      testDescription: "dead letters: parked work fails the saga",
      events: ["TripAsked", "FlightBooked", "HotelBooked!"], shows: { $0.status == .failed }),
    Course(
      testDescription: "dead letters: parked work that was done after all",
      events: ["TripAsked", "FlightBooked", "HotelBooked!", "HotelBooked", "Paid"], shows: { $0.status == .completed }),
    Course(
      testDescription: "dead letters: parked work of the second round", kind: 0,
      events: ["order-created", "inventory-failed", "order-cancelled", "order-created", "inventory-reserved!"],
      shows: { $0.round == 2 && $0.status == .failed }),
    Course(
      testDescription: "dead letters: work that waited to be tried again",
      events: ["TripAsked", "FlightBooked", "HotelBooked~", "HotelBooked", "Paid"], shows: { $0.status == .completed }),
    Course(
      testDescription: "joins: one of two parallel steps fails",
      events: ["TripAsked", "FlightBooked", "HotelFull", "FlightCancelled"],
      shows: { $0.status == .compensated && $0.failedStep == "hotel" }),
    Course(
      testDescription: "optional steps: undone or not, the roll-back is over",
      events: ["TripAsked", "FlightBooked", "HotelBooked", "PaymentFailed", "HotelCancelled", "FlightCancelled"],
      shows: { $0.status == .compensated }),
    Course(
      testDescription: "late failures: a success after the roll-back", kind: 0,
      events: [
        "order-created", "inventory-reserved", "payment-failed", "inventory-released", "order-cancelled",
        "payment-completed",
      ], shows: { $0.flags.contains(.inconsistent) }),
    Course(
      testDescription: "an ordinary end",
      events: ["TripAsked", "FlightBooked", "Withdrawn"], shows: { $0.status == .declined }),
  ]

  /// The events of a course at increasing random times. `!` marks a dead-lettered event, `~` one that waits for a retry.
  private static func events(
    of course: Course, saga: Int, _ random: inout SeededRandom, _ maker: inout EventMaker
  ) -> [Event] {
    var time = Int64.random(in: 0...50, using: &random)
    return course.events.map { name in
      time += Int64.random(in: 1...500, using: &random)
      var event = maker.event(
        String(name.prefix { !"!~".contains($0) }), at: time, id: "a\(saga)",
        more: [SagaKey(identity: 1, value: "b\(saga)")], definition: UInt16(course.kind),
        topic: "t\(Int.random(in: 1...4, using: &random))")
      if let mark = name.last, "!~".contains(mark) {
        event.deadLetter = DeadLetter(originalTopic: .none, error: "put aside", isRetry: mark == "~")
      }
      return event
    }
  }

  @Test(
    "each course of a saga gives the same result in any order, with repetitions, over any topics", arguments: 1...300)
  func courses(seed: Int) {
    var random = SeededRandom(seed: UInt64(seed))
    var maker = EventMaker()
    let events = Self.courses.indices.flatMap { Self.events(of: Self.courses[$0], saga: $0, &random, &maker) }
    let store = maker.store(Self.kinds)
    store.accept(EventBatch(events: events))
    let rows = store.sagas(SagaQuery(order: .id, limit: 100), now: ShopFixture.time(0)).rows
    #expect(rows.count == Self.courses.count)
    for row in rows {
      let course = Self.courses[Int(row.id.dropFirst()) ?? 0]
      #expect(
        course.shows(row), "seed \(seed), \(course.testDescription): \(row.status) \(row.flags.names) \(row.round)")
    }
    let expected = Self.picture(of: events, maker)
    let repeated = events.filter { _ in Int.random(in: 0...2, using: &random) == 0 }
    let permuted = (events + repeated).shuffled(using: &random)
    let size = Int.random(in: 1...9, using: &random)
    #expect(Self.picture(of: permuted, maker, inBatchesOf: size) == expected, "seed \(seed)")
  }
}
