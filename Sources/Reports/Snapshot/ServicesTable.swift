import Core

/// The section `services` as aligned columns: services with their instances, and circuits.
enum ServicesTable {
  static func parts(_ view: ServicesView, now: Timestamp) -> [String] {
    [instances(view, now: now), circuits(view, now: now)]
  }

  private static func instances(_ view: ServicesView, now: Timestamp) -> String {
    let rows = view.services.flatMap { service in
      service.instances.map { row in
        [
          service.name, row.node ?? Quantity.unknown, row.verdict.rawValue + (row.isFlapping ? ",flapping" : ""),
          age(row.since, now),
          row.latency == nil ? Quantity.unknown : row.answer.map { "\($0.status)" } ?? Quantity.unknown,
          Quantity.latency(row.latency), Quantity.share(row.uptime), Quantity.rate(row.metrics?.rate),
          Quantity.share(row.metrics?.errorShare), Quantity.latency(row.metrics?.p95), row.url, row.reason,
        ]
      }
    }
    return AlignedText.table(
      [
        "SERVICE", "NODE", "VERDICT", "SINCE", "HTTP", "LATENCY", "UPTIME", "REQUESTS", "ERRORS", "P95", "URL",
        "REASON",
      ], rows, right: Set(3...9))
  }

  private static func circuits(_ view: ServicesView, now: Timestamp) -> String {
    let rows = view.services.flatMap { service in
      service.instances.flatMap { instance in
        instance.circuits.map { row in
          [
            service.name, instance.node ?? Quantity.unknown, row.name, row.state.rawValue, age(row.since, now),
            Quantity.share(row.failureRate), Quantity.share(row.threshold),
            row.failureCount.map { "\($0)" } ?? Quantity.unknown, Quantity.age(row.retryAfter),
          ]
        }
      }
    }
    return AlignedText.table(
      ["SERVICE", "NODE", "CIRCUIT", "STATE", "SINCE", "FAILURE RATE", "THRESHOLD", "FAILURES", "RETRY"], rows,
      right: Set(4...8))
  }

  /// ">4m12s" where it was so at the first look already.
  private static func age(_ since: Since?, _ now: Timestamp) -> String {
    since.map { ($0.isAtLeast ? ">" : "") + Quantity.age(now - $0.time) } ?? Quantity.unknown
  }
}
