import Core

/// Locks as metrics, by verdict and pattern: never by key, of which there is no end.
enum LockMetrics {
  static func families(_ view: LockList) -> [MetricFamily] {
    var verdicts = MetricFamily(name: "sagatop_locks", help: "Locks that are held or were lost, by verdict.")
    for verdict in LockVerdict.allCases {
      verdicts.add(view.coverage.known(view.counts[verdict] ?? 0), ("verdict", verdict.rawValue))
    }
    var held = MetricFamily(name: "sagatop_locks_held", help: "Locks that are held, by pattern.")
    var oldest = MetricFamily(
      name: "sagatop_lock_oldest_seconds", unit: "seconds", help: "How long the oldest lock of a pattern is held.")
    for row in view.patterns {
      held.add(view.coverage.known(row.held), ("pattern", row.pattern))
      let ages = view.rows.filter { $0.pattern == row.pattern }.compactMap(\.age?.duration)
      oldest.add(view.coverage.exactly(max(0, ages.max()?.seconds ?? 0)).value, ("pattern", row.pattern))
    }
    var counted = MetricFamily(name: "sagatop_counted_keys", help: "Keys of a pattern that is only counted.")
    for row in view.counted { counted.add(row.count.map(view.coverage.known) ?? nil, ("pattern", row.pattern)) }
    return [verdicts, held, oldest, counted]
  }
}
