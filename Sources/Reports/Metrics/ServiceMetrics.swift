import Core

/// Services and circuit breakers as metrics.
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

  /// Those of an instance that did not answer last are not known.
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
