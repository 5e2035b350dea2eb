import Core

/// Metrics of services and circuit breakers.
enum ServiceMetrics {
  static func families(_ view: ServiceList) -> [MetricFamily] {
    var up = MetricFamily(
      name: "sagatop_service_up", help: "Whether a service works: 1 up, 0.5 in part, 0 down; none when not known.")
    var latency = MetricFamily(
      name: "sagatop_service_latency_seconds", unit: "seconds",
      help: "Time that the slowest instance of a service took for its last answer.")
    var open = MetricFamily(
      name: "sagatop_service_open_circuits", help: "Circuit breakers of a service that are not closed.")
    for row in view.services.prefix(SnapshotMetrics.mostSeries) {
      up.add(share(row.verdict), ("service", row.name))
      latency.add(row.latency?.seconds, ("service", row.name))
      open.add(openCircuits(row), ("service", row.name))
    }
    return [up, latency, open]
  }

  /// Only a lower bound if an instance did not respond last: its circuits are unknown.
  private static func openCircuits(_ row: ServiceRow) -> Known<Int64> {
    let open = Known<Int64>.exact(Int64(row.circuits.count(where: \.state.isTrouble)))
    return row.instances.allSatisfy { $0.latency != nil } ? open : open.orMore("an instance did not answer")
  }

  private static func share(_ verdict: ServiceVerdict) -> Double? {
    switch verdict {
    case .up: 1
    case .degraded: 0.5
    case .down: 0
    case .unknown: nil
    }
  }
}

/// Metrics of consumer groups and dead letters.
enum LagMetrics {
  static func families(_ list: GroupList, topics: [TopicRow], _ coverage: SourceCoverage) -> [MetricFamily] {
    var verdicts = MetricFamily(name: "sagatop_consumer_groups", help: "Consumer groups by verdict.")
    for verdict in LagVerdict.allCases { verdicts.add(list.known(verdict, coverage), ("verdict", verdict.rawValue)) }
    var dead = MetricFamily(name: "sagatop_dead_letter_messages", help: "Messages that lie in a dead-letter topic.")
    for row in topics.filter(\.isDeadLetter).prefix(SnapshotMetrics.mostSeries) {
      dead.add(row.messages, ("topic", row.topic))
    }
    return [verdicts] + groups(list.rows) + [dead]
  }

  private static func groups(_ rows: [GroupRow]) -> [MetricFamily] {
    var lag = MetricFamily(name: "sagatop_consumer_group_lag_messages", help: "Unread messages of a consumer group.")
    var age = MetricFamily(
      name: "sagatop_consumer_group_lag_seconds", unit: "seconds",
      help: "Age of the oldest message that a consumer group has not read.")
    var trouble = MetricFamily(
      name: "sagatop_consumer_group_trouble", help: "Whether the verdict on a consumer group is worse than a warning.")
    var members = MetricFamily(name: "sagatop_consumer_group_members", help: "Members of a consumer group.")
    for row in rows.prefix(SnapshotMetrics.mostSeries) {
      lag.add(row.lag, ("group", row.name))
      age.add(row.lagTime.age?.seconds, ("group", row.name))
      trouble.add(row.verdict == .unknown ? nil : row.verdict.isTrouble ? 1 : 0, ("group", row.name))
      members.add(row.members, ("group", row.name))
    }
    return [lag, age, trouble, members]
  }
}

/// Metrics of locks by verdict and pattern. Never by key, because the number of keys is unlimited.
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
