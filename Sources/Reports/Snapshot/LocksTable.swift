import Core

/// The section `locks` as aligned columns: locks, their patterns, counted keys.
enum LocksTable {
  static func parts(_ view: LockListView) -> [String] {
    [locks(view.rows), patterns(view)]
  }

  private static func locks(_ rows: [LockRow]) -> String {
    let rows = rows.map { row in
      [
        row.id.key, row.verdict.rawValue, row.holders.first?.text ?? Quantity.unknown, age(row.age),
        row.isImmortal ? "never" : Quantity.age(row.ttl), row.waiters.map { "\($0)" } ?? Quantity.unknown,
        row.saga?.id ?? Quantity.unknown, row.id.source, row.reason,
      ]
    }
    return AlignedText.table(
      ["LOCK", "VERDICT", "HOLDER", "AGE", "TTL", "WAITERS", "SAGA", "SOURCE", "REASON"], rows, right: [3, 4, 5])
  }

  private static func age(_ age: LockAge?) -> String {
    guard let age else { return Quantity.unknown }
    return (age.isExact ? "" : ">") + Quantity.age(age.duration)
  }

  private static func patterns(_ view: LockListView) -> String {
    let locks = view.patterns.map { row in
      [
        row.pattern, "\(row.held)", Quantity.rate(row.rate), Quantity.latency(row.p50), Quantity.latency(row.p95),
        Quantity.share(row.contention), Quantity.age(row.lease), row.isExact ? "exact" : "sampled",
      ]
    }
    let counted = view.counted.map { row in
      [
        row.pattern, row.count.map { "\($0)" } ?? Quantity.unknown,
        row.change.map { Quantity.decimal($0, digits: 1) + "/s" } ?? Quantity.unknown, Quantity.unknown,
        Quantity.unknown, Quantity.unknown, Quantity.unknown, "counted",
      ]
    }
    return AlignedText.table(
      ["PATTERN", "HELD", "TAKEN", "P50", "P95", "WAITED", "LEASE", "COUNTED"], locks + counted,
      right: Set(1...6))
  }
}
