import Core

/// Sagas as metrics, by type.
enum SagaMetrics {
  static func families(_ overview: OverviewView) -> [MetricFamily] {
    var sagas = MetricFamily(name: "sagatop_sagas", help: "Retained sagas by type and status.")
    var stuck = MetricFamily(
      name: "sagatop_sagas_stuck", help: "Sagas that have not ended and made no progress for longer than allowed.")
    var rate = MetricFamily(
      name: "sagatop_sagas_started_per_second", help: "Sagas started per second over the last minute.")
    var completion = MetricFamily(
      name: "sagatop_saga_completion_ratio", unit: "ratio", help: "Completed sagas among those that ended, 0 to 1.")
    var duration = MetricFamily(
      name: "sagatop_saga_duration_seconds", unit: "seconds", help: "Duration of completed sagas, by percentile.")
    for type in overview.types {
      for (status, count) in counts(type.counts) {
        sagas.add(overview.coverage.known(count), ("type", type.type), ("status", status))
      }
      stuck.add(overview.coverage.known(type.counts.stuck), ("type", type.type))
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
    var undecoded = MetricFamily(name: "sagatop_undecoded_messages", help: "Messages that were no readable events.")
    undecoded.add(overview.coverage.known(overview.undecoded))
    var evicted = MetricFamily(
      name: "sagatop_sagas_evicted", help: "Sagas that were let go to stay within the limits of memory.")
    evicted.add(overview.evicted)
    return [undecoded, evicted]
  }
}
