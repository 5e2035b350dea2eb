import Core

/// The section `locks` as tables: locks, their patterns with the keys that are only counted.
enum LocksTable {
  static let lockShape = ReportTable.Shape(
    "locks", of: .locks,
    [
      .init("LOCK"), .init("VERDICT"), .init("HOLDER"), .init("AGE", .milliseconds), .init("TTL", .milliseconds),
      .init("WAITERS", .number), .init("SAGA"), .init("SOURCE"), .init("KIND", isWide: true),
      .init("PATTERN", isWide: true), .init("LEASE", .milliseconds, isWide: true),
      .init("RENEWALS", .number, isWide: true), .init("REASON"),
    ])

  static let patternShape = ReportTable.Shape(
    "patterns", of: .locks,
    [
      .init("PATTERN"), .init("HELD", .number), .init("TAKEN", .perSecond), .init("P50", .milliseconds),
      .init("P95", .milliseconds), .init("WAITED", .share), .init("LEASE", .milliseconds), .init("COUNTED"),
    ])

  static func locks(_ view: LockList) -> ReportTable {
    ReportTable(
      lockShape,
      view.rows.map { row in
        [
          .text(row.id.key), .text(row.verdict.rawValue), .text(row.holders.first?.text),
          .age(row.age?.duration, mark: row.age?.isExact ?? true ? "" : ">"),
          row.isImmortal ? .word("never") : .age(row.ttl), .count(row.waiters), .text(row.saga?.id),
          .text(row.id.source), .text(row.kind?.rawValue), .text(row.pattern), .age(row.lease), .count(row.renewals),
          .text(row.reason),
        ]
      })
  }

  static func patterns(_ view: LockList) -> ReportTable {
    let locks: [[Cell]] = view.patterns.map { row in
      [
        .text(row.pattern), .count(row.held), .rate(row.rate), .latency(row.p50), .latency(row.p95),
        .share(row.contention), .age(row.lease), .text(row.isExact ? "exact" : "sampled"),
      ]
    }
    let counted: [[Cell]] = view.counted.map { row in
      [
        .text(row.pattern), .count(row.count), .rate(row.change), .latency(nil), .latency(nil), .share(nil),
        .age(nil), .text("counted"),
      ]
    }
    return ReportTable(patternShape, locks + counted)
  }
}
