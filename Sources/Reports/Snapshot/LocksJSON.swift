import Core
import Text

/// The members `locks`, `lockPatterns` and `countedKeys` of the snapshot, as described in docs/snapshot.md.
enum LocksJSON {
  static func members(_ view: LockList) -> [(String, JSONValue)] {
    [
      ("locks", .array(view.rows.map(lock))),
      ("lockPatterns", .array(view.patterns.map { pattern($0, view.coverage) })),
      ("countedKeys", .array(view.counted.map { counted($0, view.coverage) })),
      ("locksQuality", .string(view.coverage.quality.rawValue)), ("locksAsOf", JSONValue(view.coverage.asOf)),
    ]
  }

  private static func lock(_ row: LockRow) -> JSONValue {
    .object([
      ("key", .string(row.id.key)), ("source", .string(row.id.source)), ("pattern", .string(row.pattern)),
      ("kind", JSONValue(row.kind?.rawValue)), ("verdict", .string(row.verdict.rawValue)),
      ("reason", .string(row.reason)), ("holder", JSONValue(row.holders.first?.text)),
      ("holders", .array(row.holders.map(holder))), ("ageMs", JSONValue(milliseconds: row.age?.duration)),
      ("ageQuality", .string(row.age.map { $0.isExact ? "exact" : "atLeast" } ?? "unknown")),
      ("ttlMs", JSONValue(milliseconds: row.ttl)), ("expires", .bool(!row.isImmortal)),
      ("leaseMs", JSONValue(milliseconds: row.lease)), ("leaseConfigured", .bool(row.isLeaseConfigured)),
      ("renewals", JSONValue(row.renewals)), ("waiters", JSONValue(row.waiters)),
      ("saga", JSONValue(row.saga?.id)), ("sagaType", JSONValue(row.saga?.type)),
      ("sagaStatus", JSONValue(row.saga?.status.name)),
      ("together", .array(row.together.map { .string($0) })),
      ("elsewhere", .array(row.elsewhere.map { .string($0) })), ("readAt", JSONValue(row.readAt)),
    ])
  }

  private static func holder(_ holder: LockHolder) -> JSONValue {
    .object([
      ("token", .string(holder.token)), ("thread", JSONValue(holder.thread)), ("count", JSONValue(holder.count)),
      ("reader", .bool(holder.isReader)), ("takenAt", JSONValue(holder.takenAt)),
    ])
  }

  private static func pattern(_ row: LockPatternRow, _ coverage: SourceCoverage) -> JSONValue {
    .object([
      ("pattern", .string(row.pattern)), ("held", JSONValue(coverage.known(row.held))),
      ("rate", JSONValue(rounded: row.rate)),
      (
        "holdMs",
        .object([("p50", JSONValue(milliseconds: row.p50)), ("p95", JSONValue(milliseconds: row.p95))])
      ),
      ("contention", JSONValue(rounded: row.contention)), ("exact", .bool(row.isExact)),
      ("leaseMs", JSONValue(milliseconds: row.lease)), ("leaseConfigured", .bool(row.isLeaseConfigured)),
    ])
  }

  private static func counted(_ row: CountedPatternRow, _ coverage: SourceCoverage) -> JSONValue {
    .object([
      ("pattern", .string(row.pattern)), ("count", row.count.map { JSONValue(coverage.known($0)) } ?? .null),
      ("change", JSONValue(rounded: row.change)),
    ])
  }
}
