import Core

/// A snapshot as Prometheus metrics, for example for node_exporter's textfile collector. Names, units and labels are stable.
package enum SnapshotMetrics {
  /// Maximum number of series for groups, patterns, services and similar objects, the worst first: a cluster with thousands of groups
  /// must not create thousands of series. Omitted objects are counted.
  static let mostSeries = 200

  /// The labels set by sagatop.
  package static let ownLabels: Set = [
    "check", "context", "event", "group", "kind", "node", "outcome", "pattern", "percentile", "service", "source",
    "status", "step", "topic", "type", "verdict",
  ]

  /// Every series has the label `context`, so that files of several contexts can be in one folder, and the additional `labels`, which
  /// must not contain any of `ownLabels`.
  package static func text(
    _ report: SnapshotReport, sections: Set<SnapshotSection>, labels: [MetricLabel] = []
  ) -> String {
    var families = general(report)
    if sections.contains(.sources) { families += SourceMetrics.families(report.snapshot.header) }
    if sections.contains(.sagas) { families += SagaMetrics.families(report.snapshot.overview) }
    if sections.contains(.compensations) { families += CompensationMetrics.families(report.snapshot) }
    if sections.contains(.failures) { families += FailureMetrics.families(report.snapshot.failures) }
    if sections.contains(.nodes) { families += NodeMetrics.families(report.snapshot.nodes) }
    if sections.contains(.lag), let lag = report.lag {
      families += LagMetrics.families(lag.list, topics: lag.topics.rows, report.coverage(of: .lag))
    }
    if sections.contains(.locks), let locks = report.locks { families += LockMetrics.families(locks) }
    if sections.contains(.services), let services = report.services { families += ServiceMetrics.families(services) }
    if sections.contains(.compensations) { families.append(actions(report)) }
    if sections.contains(.checks) { families += CheckMetrics.families(report.checks) }
    let context = MetricLabel(name: "context", value: report.snapshot.header.context)
    return OpenMetricsText.text(families, labels: [context] + labels)
  }

  private static func actions(_ report: SnapshotReport) -> MetricFamily {
    var actions = MetricFamily(name: "sagatop_actions", help: "Operators' actions that the audit log has, by outcome.")
    for (outcome, count) in report.actions.sorted(by: { $0.key < $1.key }) { actions.add(count, ("outcome", outcome)) }
    return actions
  }

  private static func general(_ report: SnapshotReport) -> [MetricFamily] {
    let header = report.snapshot.header
    var taken = MetricFamily(
      name: "sagatop_snapshot_timestamp_seconds", unit: "seconds", help: "When the snapshot was taken.")
    taken.add(Double(header.now.milliseconds) / 1000)
    var complete = MetricFamily(
      name: "sagatop_snapshot_complete", help: "Whether every source was read in full and answers.")
    complete.add(report.snapshot.isComplete ? 1 : 0)
    var omitted = MetricFamily(
      name: "sagatop_series_omitted", help: "Things that have no series of their own, because there are too many.")
    for (kind, count) in counts(report) { omitted.add(max(0, count - mostSeries), ("kind", kind)) }
    return [taken, complete, omitted]
  }

  private static func counts(_ report: SnapshotReport) -> [(String, Int)] {
    [
      ("consumer_group", report.lag?.list.rows.count ?? 0), ("service", report.services?.services.count ?? 0),
      ("topic", report.lag?.topics.rows.count(where: \.isDeadLetter) ?? 0),
      ("node", report.snapshot.nodes.rows.count),
    ]
  }
}

/// Metrics of the sources.
enum SourceMetrics {
  static func families(_ header: HeaderView) -> [MetricFamily] {
    var up = MetricFamily(name: "sagatop_source_up", help: "Whether the source answers in full.")
    var complete = MetricFamily(
      name: "sagatop_source_complete", help: "Whether the source was read in full and answers.")
    var age = MetricFamily(
      name: "sagatop_source_last_success_timestamp_seconds", unit: "seconds", help: "When the source last answered.")
    var messages = MetricFamily(
      name: "sagatop_source_read_messages", help: "Messages that this run of sagatop read from the source.")
    for source in header.sources {
      up.add(source.phase == .up && source.isCurrent(at: header.now) ? 1 : 0, ("source", source.name))
      complete.add(source.isWhole(at: header.now) ? 1 : 0, ("source", source.name))
      age.add(source.lastSuccess.map { Double($0.milliseconds) / 1000 }, ("source", source.name))
      if source.carriesEvents { messages.add(source.messages, ("source", source.name)) }
    }
    return [up, complete, age, messages]
  }
}

/// Metrics of check results.
enum CheckMetrics {
  static func families(_ results: [CheckResult]) -> [MetricFamily] {
    var state = MetricFamily(
      name: "sagatop_check_state", help: "State of a check: 0 ok, 1 warning, 2 critical, 3 unknown.")
    var value = MetricFamily(name: "sagatop_check_value", help: "Value of a check, in its own unit.")
    for result in results {
      state.add(result.state.rawValue, ("check", result.check.name))
      value.add(result.measured.value, ("check", result.check.name))
    }
    return [state, value]
  }
}
