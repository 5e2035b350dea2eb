import Core
import Text

/// The member `services` of the snapshot.
enum ServicesJSON {
  static func section(_ view: ServiceList, now: Timestamp) -> JSONValue {
    .array(view.services.map { service($0, now: now) })
  }

  private static func service(_ row: ServiceRow, now: Timestamp) -> JSONValue {
    let single = row.instances.count == 1 ? row.instances.first : nil
    return .object([
      ("name", .string(row.name)), ("url", JSONValue(row.instances.first?.url)),
      ("verdict", .string(row.verdict.rawValue)), ("reason", .string(row.reason)),
      ("since", JSONValue(row.since?.time)),
      ("sinceAtLeast", row.since.map { .bool($0.isAtLeast) } ?? .null),
      ("ageMs", JSONValue(milliseconds: row.since.map { now - $0.time })), ("flapping", .bool(row.isFlapping)),
      ("httpStatus", JSONValue(single.flatMap(status))), ("latencyMs", JSONValue(milliseconds: row.latency)),
      ("uptime", JSONValue(rounded: row.uptime)), ("rate", JSONValue(rounded: row.rate)),
      ("circuits", .array(row.circuits.map(circuit))),
      ("instances", .array(row.instances.map { instance($0, now: now) })),
      ("pods", row.pods.map { PodsJSON.list($0) } ?? .null), ("rollout", PodsJSON.rollout(row.pods?.rollout)),
    ])
  }

  /// Status of the last poll. `nil` if it got no response.
  private static func status(_ row: InstanceRow) -> Int? { row.latency == nil ? nil : row.answer?.status }

  private static func instance(_ row: InstanceRow, now: Timestamp) -> JSONValue {
    .object([
      ("url", .string(row.url)), ("node", JSONValue(row.node)), ("verdict", .string(row.verdict.rawValue)),
      ("reason", .string(row.reason)), ("since", JSONValue(row.since?.time)),
      ("sinceAtLeast", row.since.map { .bool($0.isAtLeast) } ?? .null), ("flapping", .bool(row.isFlapping)),
      ("readAt", JSONValue(row.readAt)), ("httpStatus", JSONValue(status(row))),
      ("latencyMs", JSONValue(milliseconds: row.latency)), ("p50Ms", JSONValue(milliseconds: row.p50)),
      ("p99Ms", JSONValue(milliseconds: row.p99)), ("uptime", JSONValue(rounded: row.uptime)),
      ("phases", row.latency == nil ? .null : row.answer.map { phases($0.phases) } ?? .null),
      ("certificateUntil", JSONValue(row.answer?.certificateEnd)),
      ("components", .array((row.answer?.body.components ?? []).map(component))),
      ("projections", .array((row.answer?.body.projections ?? []).map(projection))),
      ("circuits", .array(row.circuits.map(circuit))), ("metrics", row.metrics.map(metrics) ?? .null),
    ])
  }

  private static func phases(_ phases: ServiceSample.Phases) -> JSONValue {
    .object([
      ("lookupMs", JSONValue(milliseconds: phases.lookup)), ("connectMs", JSONValue(milliseconds: phases.connect)),
      ("tlsMs", JSONValue(milliseconds: phases.tls)), ("firstByteMs", JSONValue(milliseconds: phases.firstByte)),
      ("totalMs", JSONValue(milliseconds: phases.total)),
    ])
  }

  private static func component(_ component: HealthBody.Component) -> JSONValue {
    .object([
      ("name", .string(component.name)), ("status", .string(component.status)),
      ("meaning", JSONValue(component.meaning?.rawValue)), ("detail", JSONValue(component.detail)),
    ])
  }

  private static func projection(_ projection: HealthBody.Projection) -> JSONValue {
    .object([
      ("name", .string(projection.name)), ("status", .string(projection.status)),
      ("updatedAt", JSONValue(projection.updatedAt)),
    ])
  }

  private static func circuit(_ row: CircuitRow) -> JSONValue {
    .object([
      ("name", .string(row.name)), ("state", .string(row.state.rawValue)), ("since", JSONValue(row.since?.time)),
      ("sinceAtLeast", row.since.map { .bool($0.isAtLeast) } ?? .null),
      ("failureRate", JSONValue(rounded: row.failureRate)), ("threshold", JSONValue(rounded: row.threshold)),
      ("failureCount", JSONValue(row.failureCount)), ("retryAfterMs", JSONValue(milliseconds: row.retryAfter)),
    ])
  }

  private static func metrics(_ metrics: MetricsState) -> JSONValue {
    .object([
      ("readAt", JSONValue(metrics.readAt)), ("rate", JSONValue(rounded: metrics.rate)),
      ("errorShare", JSONValue(rounded: metrics.errorShare)), ("p50Ms", JSONValue(milliseconds: metrics.p50)),
      ("p95Ms", JSONValue(milliseconds: metrics.p95)), ("badLines", .int(Int64(metrics.badLines))),
      ("error", JSONValue(metrics.error)), ("note", JSONValue(metrics.note)),
      (
        "gauges",
        .array(metrics.gauges.map { .object([("name", .string($0.name)), ("value", JSONValue(rounded: $0.value))]) })
      ),
    ])
  }
}
