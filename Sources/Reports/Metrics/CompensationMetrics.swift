import Core

/// Roll-backs as metrics: what is owed, how fast it comes and goes, and what it begins with.
enum CompensationMetrics {
  static func families(_ snapshot: SnapshotView) -> [MetricFamily] {
    let sums = snapshot.compensations.sums
    let known = sums.coverage
    var count = MetricFamily(name: "sagatop_compensations", help: "Retained roll-backs by outcome so far.")
    let outcomes: [(SagaStatus, Known<Int64>)] = [
      (.compensating, known.exactly(Int64(sums.compensating))), (.compensated, known.known(sums.compensated)),
      (.failed, known.known(sums.failed)),
    ]
    for (outcome, value) in outcomes { count.add(value, ("outcome", outcome.name)) }
    var backlog = MetricFamily(
      name: "sagatop_compensation_backlog", help: "Roll-backs that are under way, or failed and wait for a person.")
    backlog.add(known.exactly(Int64(sums.backlog)))
    var stuck = MetricFamily(name: "sagatop_compensations_stuck", help: "Roll-backs under way without progress.")
    stuck.add(known.known(sums.stuck))
    return [count, backlog, stuck, oldest(snapshot)] + flow(sums) + [causes(sums)]
  }

  private static func oldest(_ snapshot: SnapshotView) -> MetricFamily {
    var oldest = MetricFamily(
      name: "sagatop_compensation_oldest_seconds", unit: "seconds",
      help: "How long the oldest roll-back that has not ended is under way; 0 without any.")
    let ages = snapshot.oldestRollBacks.map { snapshot.header.now - $0.startedAt }
    oldest.add(snapshot.compensations.sums.coverage.exactly(max(0, ages.max()?.seconds ?? 0)).value)
    return oldest
  }

  private static func flow(_ sums: CompensationSums) -> [MetricFamily] {
    var rate = MetricFamily(
      name: "sagatop_compensations_per_second", help: "Roll-backs per second over the last minute.")
    rate.add(sums.startRate, ("event", "begun"))
    rate.add(sums.doneRate, ("event", "done"))
    rate.add(sums.failRate, ("event", "failed"))
    var mean = MetricFamily(
      name: "sagatop_compensation_mean_duration_seconds", unit: "seconds",
      help: "Mean duration of the roll-backs that are done.")
    mean.add(sums.coverage.exactly(sums.mean?.seconds).value)
    var duration = MetricFamily(
      name: "sagatop_compensation_duration_seconds", unit: "seconds",
      help: "Duration of the roll-backs that are done, by percentile.")
    duration.add(sums.coverage.exactly(sums.p95?.seconds).value, ("percentile", "95"))
    return [rate, mean, duration]
  }

  /// As many as the store tells apart; their steps are those of definitions, never free text.
  private static func causes(_ sums: CompensationSums) -> MetricFamily {
    var causes = MetricFamily(
      name: "sagatop_compensation_causes", help: "Retained roll-backs by the step that failed; none where no step did.")
    for cause in sums.causes.prefix(SnapshotMetrics.mostSeries) {
      causes.add(sums.coverage.known(cause.count), ("type", cause.type), ("step", cause.step ?? ""))
    }
    return causes
  }
}
