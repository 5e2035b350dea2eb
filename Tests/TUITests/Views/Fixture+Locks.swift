import Core

@testable import TUI

extension Fixture {
  private static let client = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
  static let locksReadAt = now - .milliseconds(400)

  private static func row(
    _ key: String, _ verdict: LockVerdict, _ reason: String, holder: LockHolder?, age: LockAge?, ttl: Duration?,
    waiters: Int? = nil, saga: LockRow.Saga? = nil, change: (inout LockRow) -> Void = { _ in }
  ) -> LockView {
    var row = LockRow(
      id: LockKey(source: "redis", key: key), pattern: "inventory:lock:{productId}", kind: .redisson,
      verdict: verdict, reason: reason, holders: holder.map { [$0] } ?? [], age: age, ttl: ttl, lease: .seconds(3),
      isLeaseConfigured: true, waiters: waiters, saga: saga, readAt: locksReadAt)
    change(&row)
    return LockView(row: row, isHeld: age != nil)
  }

  private static func holding(
    _ since: Double, _ until: Double?, _ end: LockHolding.End?, exact: Bool = true, waiters: Int = 0,
    holder: LockHolder? = LockHolder(token: client, thread: "31", count: 1)
  ) -> LockHolding {
    var holding = LockHolding(
      holders: holder.map { [$0] } ?? [], since: now - .seconds(since), isSinceExact: exact)
    holding.until = until.map { now - .seconds($0) }
    holding.isUntilExact = exact
    holding.end = end
    holding.waiters = waiters
    return holding
  }

  /// One lock per verdict, in the store's order: the worst first.
  static let sampleLocks: [LockView] = [
    immortal,
    row(
      "inventory:lock:12", .overdue, "held for at least 41s, its lease is 3.0s, renewed 13 times; 2 clients wait",
      holder: LockHolder(token: client, thread: "47", count: 2), age: LockAge(.seconds(41), isExact: false),
      ttl: .milliseconds(2_600), waiters: 2
    ) { $0.renewals = 13 },
    row(
      "lock:saga_step:7f3a91c2:payment", .lost, "its time ran out 12s ago, and its saga 7f3a91c2 still works",
      holder: LockHolder(token: "1769508139000-x8f2k"), age: nil, ttl: nil, saga: payment(.running)),
    row(
      "lock:saga_step:19bb0a7e:payment", .orphan, "its saga 19bb0a7e ended 8.0s ago, 49s left",
      holder: LockHolder(token: "1769508191000-k2ab1"), age: LockAge(.seconds(11), isExact: true), ttl: .seconds(49),
      saga: payment(.completed)
    ) {
      $0.kind = .string
      $0.pattern = "lock:saga_step:{sagaId}:{step}"
    },
    row(
      "inventory:lock:3", .contended, "held for at least 0.4s, 2.1s left; 3 clients wait",
      holder: LockHolder(token: client, thread: "31", count: 1), age: LockAge(.milliseconds(400), isExact: false),
      ttl: .milliseconds(2_100), waiters: 3),
    row(
      "inventory:lock:7", .expiring, "0.3s left of 3.0s, held for at least 2.7s",
      holder: LockHolder(token: client, thread: "33", count: 1), age: LockAge(.milliseconds(2_700), isExact: false),
      ttl: .milliseconds(300), waiters: 0),
    row(
      "lock:\u{1b}[31m잠금\u{1b}]0;owned\u{07}", .held, "held for \u{1b}[2J1.0s", holder: nil,
      age: LockAge(.seconds(1_000_000_000), isExact: true), ttl: .seconds(1_000_000_000), waiters: .max
    ) { $0.kind = .other },
  ]

  private static func payment(_ status: SagaStatus) -> LockRow.Saga {
    let saga = sampleSagas[status == .running ? 1 : 0]
    return LockRow.Saga(handle: saga.handle, id: saga.id, type: "order", status: status)
  }

  private static let immortal: LockView = {
    var lock = row(
      "inventory:lock:1", .immortal,
      "no time to live: held for at least 4m12s, and for ever if its holder died; one client waits",
      holder: LockHolder(token: client, thread: "31", count: 1), age: LockAge(.seconds(252), isExact: false), ttl: nil,
      waiters: 1, saga: payment(.running)
    ) { $0.isImmortal = true }
    lock.parts = [LockPattern.Part("productId", "1")]
    lock.holdings = [
      holding(252, nil, nil, exact: false, waiters: 1), holding(260, 259.996, .released),
      holding(270, 267, .expired, waiters: 2), holding(280, 279, .replaced, exact: false, holder: nil),
    ]
    return lock
  }()

  static let samplePatterns: [LockPatternRow] = [
    LockPatternRow(
      pattern: "inventory:lock:{productId}", held: 4, rate: 12.4, p50: .microseconds(4_100), p95: .milliseconds(12),
      contention: 0.031, isExact: true, lease: .seconds(3), isLeaseConfigured: true),
    LockPatternRow(pattern: "lock:saga_step:{sagaId}:{step}", held: 2, rate: 0.2, lease: .seconds(60)),
  ]

  static let sampleCounts: [CountedPatternRow] = [
    CountedPatternRow(pattern: "user:online:*", count: 18_204, change: -2.4),
    CountedPatternRow(pattern: "cache:{user}"),
  ]

  static let manyLocks: [LockView] = (0..<300).map { number in
    let isContended = number < 2
    let left = Duration.milliseconds(number * 7)
    return row(
      "inventory:lock:\(number)", isContended ? .contended : .held, "held for 1.0s, 2.0s left",
      holder: LockHolder(token: client, thread: "\(number)", count: 1),
      age: LockAge(.seconds(3) - left, isExact: true), ttl: left, waiters: isContended ? 1 : 0)
  }

  /// A fixture with a Redis source.
  static func locked(
    _ locks: [LockView] = sampleLocks, readAt: Timestamp? = Fixture.locksReadAt,
    change: (inout SourceStatus) -> Void = { _ in }
  ) -> Fixture {
    var fixture = Fixture()
    var redis = SourceStatus(.redis, phase: .up)
    redis.lastSuccess = readAt
    redis.isComplete = true
    change(&redis)
    fixture.head.sources.append(redis)
    fixture.locks = locks
    fixture.lockReadAt = readAt
    (fixture.lockPatterns, fixture.lockCounts) = (samplePatterns, sampleCounts)
    return fixture
  }

  /// Supports only the order of severity and a filter for the key.
  func locks(_ query: LockQuery, now: Timestamp) -> LockList {
    var rows = locks.map(\.row)
    if let term = query.filter.terms.first, term.word == nil, case .contains(let text) = term.test {
      rows = rows.filter { $0.id.key.contains(String(decoding: text, as: UTF8.self)) }
    }
    if query.isReversed { rows.reverse() }
    var view = LockList(
      ListWindow(rows, total: locks.count), readAt: lockReadAt, took: .milliseconds(3), progress: 1,
      patterns: lockPatterns, counted: lockCounts)
    for lock in locks { view.counts[lock.row.verdict, default: 0] += 1 }
    return view.part(following: query.following, offset: query.offset, limit: query.limit)
  }

  func lock(_ key: LockKey, now: Timestamp) -> LockView? { locks.first { $0.row.id == key } }
}
