import Core

/// Consumer groups and dead letters as metrics.
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
