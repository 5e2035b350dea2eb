import Core

/// What fails as metrics: only counts, because texts of errors have no end.
enum FailureMetrics {
  static func families(_ view: FailureList) -> [MetricFamily] {
    var failures = MetricFamily(name: "sagatop_failures", help: "Failed attempts and undoings of the retained sagas.")
    failures.add(view.coverage.known(view.failures))
    var patterns = MetricFamily(name: "sagatop_failure_patterns", help: "Texts of errors that are told apart.")
    patterns.add(view.coverage.known(view.total))
    var new = MetricFamily(
      name: "sagatop_failure_patterns_new", help: "Texts of errors that came up within the last five minutes.")
    new.add(view.coverage.known(view.rows.count(where: \.isNew)))
    var dropped = MetricFamily(
      name: "sagatop_failures_dropped", help: "Failures whose text is not kept, because there are too many.")
    dropped.add(view.coverage.known(view.dropped))
    return [failures, patterns, new, dropped]
  }
}
