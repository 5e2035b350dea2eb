import Core

/// The section `services` as tables: services with their instances, and circuits.
enum ServicesTable {
  static let instanceShape = ReportTable.Shape(
    "services", of: .services,
    [
      .init("SERVICE"), .init("NODE"), .init("VERDICT"), .init("SINCE", .milliseconds), .init("HTTP", .number),
      .init("LATENCY", .milliseconds), .init("UPTIME", .share), .init("REQUESTS", .perSecond), .init("ERRORS", .share),
      .init("P50", .milliseconds, isWide: true), .init("P95", .milliseconds), .init("URL"), .init("REASON"),
    ])

  static let circuitShape = ReportTable.Shape(
    "circuits", of: .services,
    [
      .init("SERVICE"), .init("NODE"), .init("CIRCUIT"), .init("STATE"), .init("SINCE", .milliseconds),
      .init("FAILURE RATE", .share), .init("THRESHOLD", .share), .init("FAILURES", .number),
      .init("RETRY", .milliseconds),
    ])

  static func instances(_ view: ServiceList, now: Timestamp) -> ReportTable {
    ReportTable(
      instanceShape, view.services.flatMap { service in service.instances.map { row(service.name, $0, now) } })
  }

  private static func row(_ service: String, _ row: InstanceRow, _ now: Timestamp) -> [Cell] {
    [
      .text(service), .text(row.node), .text(row.verdict.rawValue + (row.isFlapping ? ",flapping" : "")),
      age(row.since, now), .count(row.latency == nil ? nil : row.answer?.status), .latency(row.latency),
      .share(row.uptime), .rate(row.metrics?.rate), .share(row.metrics?.errorShare), .latency(row.metrics?.p50),
      .latency(row.metrics?.p95), .text(row.url), .text(row.reason),
    ]
  }

  static func circuits(_ view: ServiceList, now: Timestamp) -> ReportTable {
    let rows = view.services.flatMap { service in
      service.instances.flatMap { instance in
        instance.circuits.map { row -> [Cell] in
          [
            .text(service.name), .text(instance.node), .text(row.name), .text(row.state.rawValue), age(row.since, now),
            .share(row.failureRate), .share(row.threshold), .count(row.failureCount), .age(row.retryAfter),
          ]
        }
      }
    }
    return ReportTable(circuitShape, rows)
  }

  /// ">4m12s" where it was so at the first look already.
  private static func age(_ since: Since?, _ now: Timestamp) -> Cell {
    .age(since.map { now - $0.time }, mark: since?.isAtLeast ?? false ? ">" : "")
  }
}
