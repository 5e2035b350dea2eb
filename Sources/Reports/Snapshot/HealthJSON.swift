import Core
import Text

/// The member `health` of the snapshot, and the JSON output of `sagatop ready`.
package enum HealthJSON {
  /// `causes` are those of the overview.
  package static func member(_ health: FlowHealth, causes: [CauseGroup]) -> JSONValue {
    .object([
      ("state", .string(health.state.name)), ("sentence", .string(health.sentence)),
      ("findings", .array(health.findings.map(finding))), ("ready", finding(health.readiness)),
      ("startRate", JSONValue(rounded: health.startRate)), ("endRate", JSONValue(rounded: health.endRate)),
      ("quietMs", JSONValue(milliseconds: health.quiet)), ("waiting", JSONValue(health.waiting)),
      ("waitingQuality", .string(health.waiting.quality.rawValue)), ("since", JSONValue(health.since)),
      ("causes", .array(causes.map(cause))),
    ])
  }

  private static func cause(_ group: CauseGroup) -> JSONValue {
    .object([
      ("cause", .string(group.cause.sentence)), ("kind", .string(group.cause.kind.rawValue)),
      ("chain", .array(group.cause.links.map { .string($0) })), ("extent", .string(group.extent.rawValue)),
      ("count", group.extent == .system ? .null : .int(Int64(group.count))), ("estimated", .bool(group.isEstimate)),
      ("since", JSONValue(group.since)), ("steps", .array(group.steps.map { .string($0) })),
      ("also", JSONValue(group.also)), ("cure", JSONValue(group.cure.isEmpty ? nil : group.cure)),
      ("filter", JSONValue(group.filter)),
    ])
  }

  private static func finding(_ finding: FlowHealth.Finding) -> JSONValue {
    .object([("state", .string(finding.state.name)), ("sentence", .string(finding.sentence))])
  }

  /// The document `sagatop.ready/v1`.
  package static func document(_ health: FlowHealth, causes: [CauseGroup], context: String, now: Timestamp)
    -> JSONValue
  {
    .object([
      ("schema", .string("sagatop.ready/v1")), ("takenAt", JSONValue(now)), ("context", .string(context)),
      ("ready", .bool(health.readiness.state == .ok)), ("health", member(health, causes: causes)),
    ])
  }
}
