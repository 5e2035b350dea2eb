import TestRandom
import Testing

@testable import Core

@Suite("The store at a past time")
struct TimeTravelTests {
  private static let end: Int64 = 600_000

  /// Sagas at random times, some of which fail or never end. They do not arrive in order of time.
  private func history(_ random: inout SeededRandom, _ maker: inout EventMaker) -> [Event] {
    let ways = [
      ["order-created", "inventory-reserved", "payment-completed", "delivery-started", "delivery-completed"],
      ["order-created", "inventory-reserved", "payment-failed", "inventory-released", "order-cancelled"],
    ]
    return (0..<40).flatMap { number in
      let way = ways[Int.random(in: 0...1, using: &random)]
      let start = Int64.random(in: 0..<Self.end, using: &random)
      return way.prefix(Int.random(in: 1...5, using: &random)).enumerated().map { place, type in
        maker.event(
          type, at: start + Int64(place) * Int64.random(in: 200...20_000, using: &random), id: "\(number)",
          node: "node-\(number % 3)", error: type.hasSuffix("failed") ? "declined" : nil)
      }
    }.shuffled(using: &random)
  }

  private func rows(_ store: Store, at instant: Int64) -> [String] {
    let now = ShopFixture.time(instant)
    let sagas = store.sagas(SagaQuery(order: .id, limit: 1000), now: now).rows.map { row -> String in
      "\(row.id) \(row.status) \(row.flags) \(row.step ?? "-") \(row.steps) \(row.error ?? "-")"
    }
    let nodes = store.nodes(NodeQuery(limit: .max), now: now).rows.map { "\($0)" }
    let failures = store.failures(FailureQuery(limit: .max), now: now).rows.map { "\($0.pattern) \($0.count)" }
    let rollBacks = store.compensations(CompensationQuery(limit: .max), now: now).rows.map {
      "\($0.sagaID) \($0.startedAt) \($0.outcome)"
    }
    return sagas + nodes + failures.sorted() + rollBacks.sorted()
  }

  private func source(at instant: Int64) -> SourceStatus {
    var status = SourceStatus(.kafka, phase: .up)
    (status.isComplete, status.lastSuccess) = (true, ShopFixture.time(instant))
    return status
  }

  @Test("its sagas are computed from the events up to that time", arguments: 1...100)
  func sagas(seed: Int) throws {
    var random = SeededRandom(seed: UInt64(seed))
    var maker = EventMaker()
    let events = history(&random, &maker)
    let instant = Int64.random(in: 1000..<Self.end, using: &random)
    let before = events.filter { $0.time <= ShopFixture.time(instant) }
    let (known, late) = (before.dropLast(before.count / 5), before.suffix(before.count / 5))

    let live = maker.store(now: Self.end)
    live.accept(source(at: instant))
    live.accept(EventBatch(events: Array(known)))
    let picture = try #require(live.picture(now: ShopFixture.time(instant)))
    live.accept(EventBatch(events: events.filter { $0.time > ShopFixture.time(instant) } + late))
    live.accept(source(at: Self.end))
    let past = try #require(live.past(picture))

    let other = maker.store(now: instant)
    other.accept(source(at: instant))
    other.accept(EventBatch(events: before))
    #expect(rows(past, at: instant) == rows(other, at: instant), "seed \(seed)")
    for row in past.sagas(SagaQuery(limit: 1000), now: ShopFixture.time(instant)).rows {
      #expect(live.saga(row.handle, now: ShopFixture.time(Self.end))?.row.id == row.id, "a handle means the same saga")
    }
  }

  @Test("the overview has the numbers displayed then, and sagas dropped since are counted as missing")
  func numbers() throws {
    var maker = EventMaker()
    let store = maker.store(limits: StoreLimits(maxSagas: 5), now: 60_000)
    store.accept(source(at: 60_000))
    let ids = (0..<5).map { "\($0)" }
    store.accept(EventBatch(events: ids.map { maker.event("delivery-completed", at: 1_000, id: $0) }))
    let picture = try #require(store.picture(now: ShopFixture.time(60_000)))
    store.accept(EventBatch(events: (10..<13).map { maker.event("delivery-completed", at: 61_000, id: "\($0)") }))
    let past = try #require(store.past(picture))
    let view = past.overview(limit: 100, now: ShopFixture.time(60_000))
    #expect(view.total.counts.completed == 5 && view.sagas.rows.count == 2 && view.evicted == 0)
    #expect(past.missingSagas == 3)
    #expect(store.missingSagas == 0)
  }

  @Test("services, groups, locks and changes are as polled then, and a saga has the cause that it had")
  func surroundings() throws {
    let scene = DiagnosisScene()
    scene.usual()
    scene.waits(at: "payment", since: 100)
    for second in [100.0, 102, 104] {
      scene.allUp(at: second)
      scene.groups(at: second, .init(name: "payment-service", topic: "inventory-reserved", committed: 21, end: 21))
    }
    scene.lock("saga:1", at: 104, ttl: 50, definition: 1)
    scene.source(.up, at: 104)
    let before = try #require(scene.store.picture(now: scene.time(104)))
    for second in [120.0, 122, 124] {
      scene.health(
        "payment-service", at: second, DiagnosisScene.refused, DiagnosisScene.refused, DiagnosisScene.refused)
      scene.groups(
        at: second,
        .init(name: "payment-service", topic: "inventory-reserved", state: .empty, members: 0, committed: 21, end: 90))
    }
    scene.store.accept(LockSample(source: "redis", time: scene.time(124), gone: ["saga:1"], passes: 3))
    scene.source(.up, at: 124)
    let during = try #require(scene.store.picture(now: scene.time(124)))
    for second in [140.0, 142, 144] { scene.allUp(at: second) }
    scene.event("payment-completed", at: 141)

    let calm = try #require(scene.store.past(before))
    #expect(calm.service("payment-service", now: scene.time(104))?.verdict == .up)
    #expect(calm.groups(GroupQuery(limit: 9), now: scene.time(104)).rows.map(\.lag) == [.exact(0)])
    #expect(calm.group("payment-service", now: scene.time(104))?.partitions.map(\.committed) == [21])
    #expect(calm.locks(LockQuery(limit: 9), now: scene.time(104)).rows.map(\.id.key) == ["saga:1"])
    #expect(calm.changes(since: scene.time(0)).allSatisfy { $0.time <= scene.time(104) })

    let outage = try #require(scene.store.past(during))
    #expect(outage.service("payment-service", now: scene.time(124))?.verdict == .down)
    #expect(outage.locks(LockQuery(limit: 9), now: scene.time(124)).rows.isEmpty)
    let handle = try #require(outage.find(id: "1"))
    #expect(
      outage.diagnosis(handle, now: scene.time(124))?.causes.first?.sentence.contains("payment-service is down") == true
    )
    #expect(outage.saga(handle, now: scene.time(124))?.row.step == "payment")
    #expect(scene.store.service("payment-service", now: scene.time(144))?.verdict == .up)
    // A stored payload can still be read.
    let event = try #require(outage.saga(handle, now: scene.time(124))?.events.first)
    #expect(outage.message(event.message) != nil)
  }

  @Test("the events view has the latest events up to that time, the newest first")
  func events() throws {
    var maker = EventMaker()
    let store = maker.store(now: 60_000)
    store.accept(EventBatch(events: (0..<20).map { maker.event("order-created", at: $0 * 1_000, id: "\($0)") }))
    let picture = try #require(store.picture(now: ShopFixture.time(9_500)))
    let list = try #require(store.past(picture)).events(EventQuery(limit: 3), now: ShopFixture.time(9_500))
    #expect(list.rows.map(\.time) == [9_000, 8_000, 7_000].map(ShopFixture.time))
    #expect(list.total == 10)
  }

  // MARK: Stored pictures

  @Test("pictures of the last hour are kept: all recent ones, older ones at larger intervals, and a limited number")
  func history() throws {
    let store = EventMaker().store()
    var history = PictureHistory()
    for number in 0..<2000 {
      let now = ShopFixture.time(Int64(number) * 10_000)
      history.add(try #require(store.picture(now: now)))
      let times = history.pictures.map(\.time)
      #expect(times.count <= PictureHistory.most && times == times.sorted())
      #expect(history.bytes == history.pictures.reduce(0) { $0 + $1.bytes })
      guard let first = times.first, number > 400 else { continue }
      #expect(now - first <= PictureHistory.span && now - first > .seconds(3300))
      for (left, right) in zip(times, times.dropFirst()) {
        #expect((right - left).seconds <= 20 + 0.15 * (now - left).seconds)
      }
    }
    let newest = ShopFixture.time(1999 * 10_000)
    #expect(history.last(before: newest)?.time == newest - .seconds(10))
    #expect(history.first(after: newest) == nil)
  }

  @Test("their memory is limited for any system, and a too large picture is not kept")
  func bytes() throws {
    let scene = DiagnosisScene()
    func read(partitions: Int, groups: Int, at seconds: Double) {
      let topic = scene.symbols.symbol("big")
      let commits = (0..<partitions).map { GroupSample.Commit(topic: topic, partition: Int32($0), offset: 5) }
      scene.store.accept(
        LagSample(
          time: scene.time(seconds),
          partitions: (0..<partitions).map {
            PartitionOffsets(topic: topic, partition: Int32($0), start: 0, end: Int64(seconds) + 10)
          }, groups: (0..<groups).map { GroupSample(name: "g\($0)", state: .stable, members: [], commits: commits) }))
    }
    let bound = 2 << 20
    var history = PictureHistory(mostBytes: bound)
    for number in 0..<30 {
      read(partitions: 100, groups: 4, at: Double(number) * 10)
      history.add(try #require(scene.store.picture(now: scene.time(Double(number) * 10))))
      #expect(history.bytes <= bound)
    }
    #expect((5..<30).contains(history.pictures.count), "\(history.pictures.last?.bytes ?? 0) bytes each")
    read(partitions: 10_000, groups: 6, at: 700)
    #expect(scene.store.picture(now: scene.time(700)) == nil)
    history.add(try #require(EventMaker().store().picture(now: scene.time(701))))
  }

  @Test("a clock set back leaves no picture of the future")
  func clock() throws {
    let store = EventMaker().store()
    var history = PictureHistory()
    for time in [10_000, 20_000, 30_000, 15_000] as [Int64] {
      history.add(try #require(store.picture(now: ShopFixture.time(time))))
    }
    #expect(history.pictures.map(\.time) == [10_000, 15_000].map(ShopFixture.time))
  }
}
