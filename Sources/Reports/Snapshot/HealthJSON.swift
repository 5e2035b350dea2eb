import Core
import Text

/// The member `health` of the document, and what `sagatop ready` prints as JSON.
package enum HealthJSON {
  package static func member(_ health: FlowHealth) -> JSONValue {
    .object([
      ("state", .string(health.state.name)), ("sentence", .string(health.sentence)),
      ("findings", .array(health.findings.map(finding))), ("ready", finding(health.readiness)),
      ("startRate", JSONValue(rounded: health.startRate)), ("endRate", JSONValue(rounded: health.endRate)),
      ("quietMs", JSONValue(milliseconds: health.quiet)), ("waiting", JSONValue(health.waiting)),
      ("waitingQuality", .string(health.waiting.quality.rawValue)), ("since", JSONValue(health.since)),
    ])
  }

  private static func finding(_ finding: FlowHealth.Finding) -> JSONValue {
    .object([("state", .string(finding.state.name)), ("sentence", .string(finding.sentence))])
  }

  /// `sagatop.ready/v1`.
  package static func document(_ health: FlowHealth, context: String, now: Timestamp) -> JSONValue {
    .object([
      ("schema", .string("sagatop.ready/v1")), ("takenAt", JSONValue(now)), ("context", .string(context)),
      ("ready", .bool(health.readiness.state == .ok)), ("health", member(health)),
    ])
  }
}
