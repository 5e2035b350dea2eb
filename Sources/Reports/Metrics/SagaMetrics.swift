import Core

/// Metrics of sagas by type.
enum SagaMetrics {
  static func families(_ overview: OverviewView) -> [MetricFamily] {
    var sagas = MetricFamily(name: "sagatop_sagas", help: "Retained sagas by type and status.")
    var stuck = MetricFamily(
      name: "sagatop_sagas_stuck", help: "Active sagas without progress for longer than their deadline.")
    var rate = MetricFamily(
      name: "sagatop_sagas_started_per_second", help: "Sagas started per second over the last minute.")
    var completion = MetricFamily(
      name: "sagatop_saga_completion_ratio", unit: "ratio", help: "Completed sagas among those that ended, 0 to 1.")
    var duration = MetricFamily(
      name: "sagatop_saga_duration_seconds", unit: "seconds", help: "Duration of completed sagas, by percentile.")
    for type in overview.types {
      for (status, count) in counts(type.counts) {
        sagas.add(overview.known(count), ("type", type.type), ("status", status))
      }
      stuck.add(overview.known(type.counts.stuck), ("type", type.type))
      rate.add(type.startRate, ("type", type.type))
      completion.add(overview.coverage.exactly(type.completionRate).value, ("type", type.type))
      for (percentile, value) in [("50", type.p50), ("95", type.p95), ("99", type.p99)] {
        duration.add(overview.coverage.exactly(value?.seconds).value, ("type", type.type), ("percentile", percentile))
      }
    }
    return [sagas, stuck, rate, completion, duration] + readings(overview)
  }

  private static func counts(_ counts: TypeView.Counts) -> [(String, Int)] {
    [
      ("running", counts.running), ("completed", counts.completed), ("compensating", counts.compensating),
      ("compensated", counts.compensated), ("failed", counts.failed), ("declined", counts.declined),
      ("ended", counts.ended),
    ]
  }

  private static func readings(_ overview: OverviewView) -> [MetricFamily] {
    var undecoded = MetricFamily(
      name: "sagatop_undecoded_messages", help: "Messages that could not be decoded as events.")
    undecoded.add(overview.coverage.known(overview.undecoded))
    var evicted = MetricFamily(
      name: "sagatop_sagas_evicted", help: "Sagas dropped because of the memory limits.")
    evicted.add(overview.evicted)
    return [undecoded, evicted]
  }
}

/// Metrics of compensations: their count, rates, and causes.
enum CompensationMetrics {
  static func families(_ snapshot: SnapshotView) -> [MetricFamily] {
    let sums = snapshot.compensations.sums
    let known = sums.coverage
    var count = MetricFamily(name: "sagatop_compensations", help: "Retained compensations by current outcome.")
    let outcomes: [(SagaStatus, Known<Int64>)] = [
      (.compensating, known.exactly(Int64(sums.compensating))), (.compensated, known.known(sums.compensated)),
      (.failed, known.known(sums.failed)),
    ]
    for (outcome, value) in outcomes { count.add(value, ("outcome", outcome.name)) }
    var backlog = MetricFamily(
      name: "sagatop_compensation_backlog", help: "Compensations in progress, and failed ones that need manual work.")
    backlog.add(known.exactly(Int64(sums.backlog)))
    var stuck = MetricFamily(
      name: "sagatop_compensations_stuck", help: "Compensations in progress that make no progress.")
    stuck.add(known.known(sums.stuck))
    return [count, backlog, stuck, oldest(snapshot)] + flow(sums) + [causes(sums)]
  }

  private static func oldest(_ snapshot: SnapshotView) -> MetricFamily {
    var oldest = MetricFamily(
      name: "sagatop_compensation_oldest_seconds", unit: "seconds",
      help: "Age of the oldest compensation in progress; 0 if there is none.")
    let ages = snapshot.oldestRollBacks.map { snapshot.header.now - $0.startedAt }
    oldest.add(snapshot.compensations.sums.coverage.exactly(max(0, ages.max()?.seconds ?? 0)).value)
    return oldest
  }

  private static func flow(_ sums: CompensationSums) -> [MetricFamily] {
    var rate = MetricFamily(
      name: "sagatop_compensations_per_second", help: "Compensations per second over the last minute.")
    rate.add(sums.startRate, ("event", "begun"))
    rate.add(sums.doneRate, ("event", "done"))
    rate.add(sums.failRate, ("event", "failed"))
    var mean = MetricFamily(
      name: "sagatop_compensation_mean_duration_seconds", unit: "seconds",
      help: "Mean duration of completed compensations.")
    mean.add(sums.coverage.exactly(sums.mean?.seconds).value)
    var duration = MetricFamily(
      name: "sagatop_compensation_duration_seconds", unit: "seconds",
      help: "Duration of completed compensations, by percentile.")
    duration.add(sums.coverage.exactly(sums.p95?.seconds).value, ("percentile", "95"))
    return [rate, mean, duration]
  }

  /// The causes that the store distinguishes. Their steps come from definitions, so they are never free text.
  private static func causes(_ sums: CompensationSums) -> MetricFamily {
    var causes = MetricFamily(
      name: "sagatop_compensation_causes",
      help: "Retained compensations by failed step; the step is empty if none failed.")
    for cause in sums.causes.prefix(SnapshotMetrics.mostSeries) {
      causes.add(sums.coverage.known(cause.count), ("type", cause.type), ("step", cause.step ?? ""))
    }
    return causes
  }
}

/// Metrics of failures. Only counts, because the number of error texts is unlimited.
enum FailureMetrics {
  static func families(_ view: FailureList) -> [MetricFamily] {
    var failures = MetricFamily(
      name: "sagatop_failures", help: "Failed attempts and failed compensations of the retained sagas.")
    failures.add(view.coverage.known(view.failures))
    var patterns = MetricFamily(name: "sagatop_failure_patterns", help: "Distinct error texts.")
    patterns.add(view.coverage.known(view.total))
    var new = MetricFamily(
      name: "sagatop_failure_patterns_new", help: "Error texts that first occurred in the last five minutes.")
    new.add(view.coverage.known(view.rows.count(where: \.isNew)))
    var dropped = MetricFamily(
      name: "sagatop_failures_dropped", help: "Failures without a stored text, because there are too many.")
    dropped.add(view.coverage.known(view.dropped))
    return [failures, patterns, new, dropped]
  }
}

/// Metrics of nodes that process sagas, and of how evenly they share the work.
enum NodeMetrics {
  static func families(_ view: NodeList) -> [MetricFamily] {
    var verdicts = MetricFamily(name: "sagatop_nodes", help: "Nodes that work on sagas, by verdict.")
    for verdict in NodeVerdict.allCases {
      verdicts.add(view.coverage.known(view.counts[verdict] ?? 0), ("verdict", verdict.rawValue))
    }
    var skewed = MetricFamily(
      name: "sagatop_node_spreads_skewed",
      help: "Sets of nodes whose shares of the same steps differ by more than chance."
    )
    skewed.add(view.coverage.known(view.spreads.count { $0.test?.isSkewed ?? false }))
    var unnamed = MetricFamily(name: "sagatop_work_without_node", help: "Pieces of work without a node in any event.")
    unnamed.add(view.coverage.known(view.unnamed))
    return [verdicts, skewed, unnamed] + nodes(view.rows)
  }

  private static func nodes(_ rows: [NodeRow]) -> [MetricFamily] {
    var share = MetricFamily(
      name: "sagatop_node_work_ratio", unit: "ratio", help: "A node's share of the steps that it works on, 0 to 1.")
    var even = MetricFamily(
      name: "sagatop_node_even_work_ratio", unit: "ratio",
      help: "The share if all nodes of these steps did equal work.")
    var steps = MetricFamily(name: "sagatop_node_steps", help: "Attempts at steps that a node has finished.")
    var failed = MetricFamily(name: "sagatop_node_failed_steps", help: "Attempts of a node that failed.")
    var trouble = MetricFamily(
      name: "sagatop_node_trouble", help: "1 if a node's share is skewed, or if it is silent while other nodes work.")
    for row in rows.prefix(SnapshotMetrics.mostSeries) {
      share.add(row.share, ("node", row.node))
      even.add(row.evenShare, ("node", row.node))
      steps.add(row.known(row.steps), ("node", row.node))
      failed.add(row.known(row.failed), ("node", row.node))
      trouble.add(isTrouble(row.verdict), ("node", row.node))
    }
    return [share, even, steps, failed, trouble]
  }

  private static func isTrouble(_ verdict: NodeVerdict) -> Int? {
    switch verdict {
    case .even: 0
    case .unknown: nil
    case .skewed, .slow, .silent: 1
    }
  }
}
