import Core
import Testing
import Text

@testable import Reports

@Suite("Snapshot section locks")
struct LocksReportTests {
  private static let now = Timestamp(milliseconds: 1_769_508_202_000)

  private static let view = LockList(
    ListWindow([
      LockRow(
        id: LockKey(source: "redis", key: "lock:\u{1b}[31m"), pattern: "lock:{id}", kind: .redisson,
        verdict: .immortal, reason: "no time to live", holders: [LockHolder(token: "t", thread: "31", count: 2)],
        age: LockAge(.milliseconds(900), isExact: false), isImmortal: true, waiters: 3, readAt: now),
      LockRow(
        id: LockKey(source: "redis", key: "lock:2"), pattern: "lock:{id}", kind: nil, ttl: .milliseconds(2100),
        lease: .seconds(3), isLeaseConfigured: true,
        saga: .init(handle: .init(slot: 0, generation: 1), id: "7", type: "order", status: .running), readAt: now),
    ]),
    readAt: now, counts: [.immortal: 1],
    patterns: [LockPatternRow(pattern: "lock:{id}", held: 2, rate: 0.5, p50: .milliseconds(4), isExact: false)],
    counted: [CountedPatternRow(pattern: "user:*", count: 7, change: -1.5), CountedPatternRow(pattern: "x:*")])

  private static let snapshot = SnapshotView(
    header: HeaderView(context: "test", now: now), isComplete: true, overview: OverviewView(total: TypeView(type: "")))

  @Test(
    "every value is present, and unknown ones are null",
    arguments: [
      #"{"key":"lock:\u001b[31m","source":"redis","pattern":"lock:{id}","kind":"redisson","verdict":"immortal""#,
      #""holder":"t:31 x2","holders":[{"token":"t","thread":"31","count":2,"reader":false,"takenAt":null}]"#,
      #""ageMs":900,"ageQuality":"atLeast","ttlMs":null,"expires":false,"leaseMs":null,"leaseConfigured":false"#,
      #""kind":null,"verdict":"held","reason":"","holder":null,"holders":[],"ageMs":null,"ageQuality":"unknown""#,
      #""ttlMs":2100,"expires":true,"leaseMs":3000,"leaseConfigured":true,"renewals":0,"waiters":null,"saga":"7""#,
      #""sagaType":"order","sagaStatus":"running","together":[],"elsewhere":[],"readAt":"2026-01-27T10:03:22.000Z""#,
      #""lockPatterns":[{"pattern":"lock:{id}","held":2,"rate":0.5,"holdMs":{"p50":4,"p95":null},"contention":null"#,
      #""countedKeys":[{"pattern":"user:*","count":7,"change":-1.5},{"pattern":"x:*","count":null,"change":null}]"#,
    ])
  func json(part: String) {
    let text = JSONWriter.write(
      SnapshotJSON.document(SnapshotReport(Self.snapshot, locks: Self.view), sections: [.locks]), isPretty: false)
    #expect(text.contains(part), "\(text)")
  }

  @Test("the table contains the same, escaped for terminals")
  func table() {
    let text = SnapshotTable.text(SnapshotReport(Self.snapshot, locks: Self.view), sections: [.locks])
    #expect(text.contains("immortal"))
    #expect(text.contains(">0.9s  never"))
    #expect(!text.contains("\u{1b}"))
    #expect(text.contains("sampled"))
  }

  @Test("an unrequested section is absent")
  func left() {
    let text = JSONWriter.write(
      SnapshotJSON.document(SnapshotReport(Self.snapshot, locks: Self.view), sections: [.sagas]), isPretty: false)
    #expect(!text.contains("\"locks\""))
  }
}
