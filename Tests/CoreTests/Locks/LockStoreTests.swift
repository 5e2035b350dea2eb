import Testing

@testable import Core

@Suite("Locks over time")
struct LockStoreTests {
  private func scenario(_ pattern: String = "lock:{orderId}", lease: Double? = 3) throws -> LockScenario {
    LockScenario([LockDefinition(pattern: try LockPattern(pattern), lease: lease.map { .seconds($0) })])
  }

  @Test("the age is at least the time since first seen, and at least the elapsed part of the lease")
  func boundedAge() throws {
    let scenario = try scenario()
    scenario.round(1, [scenario.lock("lock:1", at: 1, ttl: 2.4)])
    let row = try #require(scenario.list(at: 2).rows.first)
    #expect(row.age?.phrase == "at least 1.6s")
    #expect(
      row.ttl.map { ($0 - .milliseconds(1400)) < .milliseconds(1) && ($0 - .milliseconds(1400)) > .milliseconds(-1) }
        == true)
  }

  @Test("a token with a time gives the exact age")
  func exactAge() throws {
    let scenario = try scenario(lease: nil)
    let taken = scenario.time(-240)
    let holder = LockHolder(value: Array("\(taken.milliseconds)-abc".utf8))
    scenario.round(1, [scenario.lock("lock:1", at: 1, ttl: nil, holder: holder, kind: .string)])
    let row = try #require(scenario.list(at: 1).rows.first)
    #expect(row.age == LockAge(.seconds(241), isExact: true))
    #expect(row.verdict == .immortal)
    #expect(row.isImmortal)
  }

  @Test("an increasing TTL is a renewal, a decreasing one is not")
  func renewals() throws {
    let scenario = try scenario(lease: nil)
    for (second, ttl) in [(1.0, 30.0), (2, 29), (3, 28.05), (4, 30), (5, 29), (6, 30)] {
      scenario.round(second, [scenario.lock("lock:1", at: second, ttl: ttl)])
    }
    #expect(scenario.view("lock:1", at: 6)?.row.renewals == 2)
    #expect(scenario.list(at: 6).patterns.first?.lease == .seconds(30))
  }

  @Test("another holder is another holding, and the history contains both")
  func history() throws {
    let scenario = try scenario()
    scenario.round(1, [scenario.lock("lock:1", at: 1, ttl: 3)])
    scenario.round(2, [scenario.lock("lock:1", at: 2, ttl: 3, holder: LockScenario.redisson(32), waiters: 2)])
    scenario.round(3, gone: ["lock:1"])
    let view = try #require(scenario.view("lock:1", at: 3))
    #expect(!view.isHeld)
    #expect(view.holdings.map(\.end) == [.released, .replaced])
    #expect(view.holdings.map(\.waiters) == [2, 0])
    #expect(view.parts == [LockPattern.Part("orderId", "1")])
    #expect(scenario.list(at: 3).total == 0)
    let pattern = try #require(scenario.list(at: 4).patterns.first)
    #expect(pattern.held == 0)
    #expect(pattern.contention == 0.5)
    #expect(pattern.p95 != nil)
    #expect(!pattern.isExact)
  }

  @Test("holdings reported by the server are counted exactly, also short ones")
  func exactEvents() throws {
    let scenario = try scenario()
    let events: [LockEvent] = (0..<10).flatMap { index in
      let second = 0.1 * Double(index)
      return [
        scenario.event(.written, "lock:1", at: second), scenario.event(.renewed, "lock:1", at: second),
        scenario.event(.released, "lock:1", at: second + 0.005),
      ]
    }
    scenario.round(1, events: events, isExact: true)
    let pattern = try #require(scenario.list(at: 2).patterns.first)
    #expect(pattern.isExact)
    #expect(pattern.rate == 5)
    let p50 = try #require(pattern.p50)
    #expect(abs(p50.milliseconds - 5) < 0.2)
    let view = try #require(scenario.view("lock:1", at: 2))
    #expect(view.holdings.count == 10)
    #expect(view.holdings.allSatisfy { $0.isSinceExact && $0.isUntilExact && $0.renewals == 0 })
  }

  @Test("locks at the start have an unknown acquisition time, unless a token contains it; later locks have a known one")
  func acquisitions() throws {
    let scenario = try scenario()
    scenario.round(1, [scenario.lock("lock:1", at: 1, ttl: 3), scenario.lock("lock:2", at: 1, ttl: 3)])
    #expect(scenario.list(at: 2).patterns.first?.rate == nil)
    let taken = LockHolder(value: Array("\(scenario.time(2).milliseconds)-abc".utf8))
    scenario.round(
      4, [scenario.lock("lock:3", at: 4, ttl: 3), scenario.lock("lock:4", at: 4, ttl: 2, holder: taken)])
    #expect(scenario.list(at: 6).patterns.first?.rate == 0.5)
  }

  @Test("a sample older than a release does not restore the lock")
  func lateReading() throws {
    let scenario = try scenario()
    scenario.round(
      2, [scenario.lock("lock:1", at: 1, ttl: 3)],
      events: [scenario.event(.written, "lock:1", at: 0.5), scenario.event(.released, "lock:1", at: 1.5)],
      isExact: true)
    #expect(scenario.list(at: 2).total == 0)
  }

  @Test("a lock is lost if it expires while its saga works, and forgotten when the saga has progressed")
  func lost() throws {
    let scenario = try scenario()
    scenario.store.accept(EventBatch(events: [scenario.maker.event("order-created", at: 0, id: "1")]))
    scenario.round(1, [scenario.lock("lock:1", at: 1, ttl: 0.5)])
    #expect(scenario.list(at: 1).rows.first?.saga?.id == "1")
    scenario.round(2, gone: ["lock:1"])
    let row = try #require(scenario.list(at: 2).rows.first)
    #expect(row.verdict == .lost)
    #expect(row.reason.contains("its saga 1 still works"))
    scenario.store.accept(EventBatch(events: [scenario.maker.event("inventory-reserved", at: 2500, id: "1")]))
    scenario.round(3)
    #expect(scenario.list(at: 3).total == 0)
  }

  @Test("a lock released in time is not lost")
  func released() throws {
    let scenario = try scenario()
    scenario.store.accept(EventBatch(events: [scenario.maker.event("order-created", at: 0, id: "1")]))
    scenario.round(1, [scenario.lock("lock:1", at: 1, ttl: 2.5)])
    scenario.round(2, gone: ["lock:1"])
    #expect(scenario.list(at: 2).total == 0)
    #expect(scenario.view("lock:1", at: 2)?.holdings.first?.end == .released)
  }

  @Test("a lock whose saga has ended is an orphan")
  func orphan() throws {
    let scenario = try scenario()
    scenario.store.accept(
      EventBatch(events: [
        scenario.maker.event("order-created", at: -9000, id: "1"),
        scenario.maker.event("delivery-completed", at: -8000, id: "1"),
      ]))
    scenario.round(1, [scenario.lock("lock:1", at: 1, ttl: 2.5)])
    #expect(scenario.list(at: 1).rows.first?.verdict == .orphan)
  }

  @Test("the worst come first, then the oldest; filters and orders change this")
  func order() throws {
    let scenario = try scenario(lease: nil)
    scenario.round(1, [scenario.lock("lock:c", at: 1, ttl: 9, waiters: 1), scenario.lock("lock:b", at: 1, ttl: 8)])
    scenario.round(
      2,
      [
        scenario.lock("lock:c", at: 2, ttl: 8, waiters: 1), scenario.lock("lock:b", at: 2, ttl: 7),
        scenario.lock("lock:a", at: 2, ttl: nil), scenario.lock("lock:d", at: 2, ttl: 20),
      ])
    func keys(_ query: LockQuery) -> [String] { scenario.list(at: 2, query).rows.map(\.id.key) }
    #expect(keys(LockQuery()) == ["lock:a", "lock:c", "lock:b", "lock:d"])
    #expect(keys(LockQuery(order: .key)) == ["lock:a", "lock:b", "lock:c", "lock:d"])
    #expect(keys(LockQuery(order: .ttl)) == ["lock:b", "lock:c", "lock:d", "lock:a"])
    #expect(keys(LockQuery(order: .waiters)).first == "lock:c")
    #expect(keys(LockQuery(order: .key, isReversed: true)).first == "lock:d")
    #expect(keys(LockQuery(filter: try Filter(parsing: "status:immortal", for: LockRow.vocabulary))) == ["lock:a"])
    #expect(
      keys(LockQuery(filter: try Filter(parsing: "!status:held", for: LockRow.vocabulary))) == ["lock:a", "lock:c"])
    #expect(scenario.list(at: 2).counts == [.immortal: 1, .contended: 1, .held: 2])
    let following = LockQuery(limit: 1, following: LockKey(source: "redis", key: "lock:b"))
    #expect(scenario.list(at: 2, following).offset == 2)
  }

  @Test("counted patterns show the number of keys and its rate of change")
  func counts() throws {
    let scenario = LockScenario([], counted: [try LockPattern("user:online:*")])
    #expect(scenario.list(at: 0).counted == [CountedPatternRow(pattern: "user:online:*")])
    scenario.round(1, counts: [100])
    scenario.round(11, counts: [150])
    #expect(scenario.list(at: 11).counted == [CountedPatternRow(pattern: "user:online:*", count: 150, change: 5)])
  }

  @Test("between polls a row shows the verdict used for counts, filters and sorting")
  func verdictBetweenPolls() throws {
    let scenario = try scenario()
    scenario.round(1, [scenario.lock("lock:1", at: 1, ttl: 2)])
    // The lock would be expiring now if its remaining time were extrapolated from the last poll.
    let list = scenario.list(at: 2.8)
    #expect(list.rows.map(\.verdict) == [.held])
    #expect(list.counts == [.held: 1])
    for (status, count) in [("held", 1), ("expiring", 0)] {
      let filter = try Filter(parsing: "status:\(status)", for: LockRow.vocabulary)
      #expect(scenario.list(at: 2.8, LockQuery(filter: filter)).rows.count == count)
    }
    scenario.round(2.8, [scenario.lock("lock:1", at: 2.8, ttl: 0.2)])
    #expect(scenario.list(at: 2.8).rows.map(\.verdict) == [.expiring])
  }

  @Test("locks of a silent server do not age")
  func stale() throws {
    let scenario = try scenario(lease: nil)
    scenario.round(1, [scenario.lock("lock:1", at: 1, ttl: 30)])
    #expect(scenario.list(at: 600).rows.first?.ttl == .seconds(27))
    #expect(scenario.list(at: 600).readAt == scenario.time(1))
  }

  @Test("the number of stored locks is limited, and dropped ones are counted")
  func bounded() throws {
    let scenario = try scenario(lease: nil)
    let many = (0..<(LockState.mostKeys + 7)).map { scenario.lock("lock:\($0)", at: 1, ttl: 30) }
    scenario.round(1, many)
    #expect(scenario.list(at: 1).total == LockState.mostKeys)
    #expect(scenario.list(at: 1).dropped == 7)
    scenario.round(2, gone: many.map(\.key))
    #expect(scenario.list(at: 2).total == 0)
    #expect(many.count { scenario.view($0.key, at: 2) != nil } == LockState.mostFree)
  }

  @Test("a token with another time is another holding")
  func takenAgain() throws {
    let scenario = LockScenario([LockDefinition(pattern: try LockPattern("lock:{id}"))])
    for second in 0..<5 {
      let holder = LockHolder(token: "worker-7", takenAt: scenario.time(Double(second) - 0.5))
      scenario.round(
        Double(second), [scenario.lock("lock:a", at: Double(second), ttl: 5, holder: holder, kind: .string)])
    }
    let row = try #require(scenario.view("lock:a", at: 4)?.row)
    #expect(row.age == LockAge(.milliseconds(500), isExact: true) && row.renewals == 0)
  }

  @Test("a lock held on most servers lists them; another token on a server is another lock")
  func redlock() throws {
    let scenario = LockScenario([LockDefinition(pattern: try LockPattern("lock:{id}"))])
    let token = LockHolder(token: "b1946ac9")
    for (source, holder) in [("redis-1", token), ("redis-2", token), ("redis-3", LockHolder(token: "other"))] {
      scenario.round(0, [scenario.lock("lock:a", at: 0, ttl: 10, holder: holder, kind: .string)], source: source)
    }
    let rows = scenario.store.locks(LockQuery(limit: .max), now: scenario.time(0)).rows
    let elsewhere = Dictionary(uniqueKeysWithValues: rows.map { ($0.id.source, $0.elsewhere) })
    #expect(elsewhere == ["redis-1": ["redis-2"], "redis-2": ["redis-1"], "redis-3": []])
    #expect(rows.allSatisfy { $0.servers == 3 })
  }

  @Test("locks held by the same thread of a client refer to each other as parts of a multi lock; others do not")
  func together() throws {
    let scenario = LockScenario([LockDefinition(pattern: try LockPattern("lock:{id}"))])
    let keys = [("lock:a", 31), ("lock:b", 31), ("lock:c", 32)]
    scenario.round(0, keys.map { scenario.lock($0, at: 0, ttl: 30, holder: LockScenario.redisson($1)) })
    #expect(scenario.view("lock:a", at: 0)?.row.together == ["lock:b"])
    #expect(scenario.view("lock:c", at: 0)?.row.together == [])
    scenario.round(1, [], gone: ["lock:b"])
    #expect(scenario.view("lock:a", at: 1)?.row.together == [])
  }
}
