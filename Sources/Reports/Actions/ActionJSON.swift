import Core
import Text

/// Actions in JSON; docs/actions.md describes it field by field.
enum ActionJSON {
  static func record(_ record: ActionRecord) -> JSONValue {
    .object([
      ("intent", .string(record.intent)), ("time", JSONValue(record.intendedAt)),
      ("action", .string(record.action.rawValue)), ("context", .string(record.context)),
      ("type", JSONValue(record.type.isEmpty ? nil : record.type)), ("subject", .string(record.subject)),
      ("operator", .string(record.operator.name)), ("sudoUser", JSONValue(record.operator.sudoUser)),
      ("sshConnection", JSONValue(record.operator.sshConnection)),
      ("reason", JSONValue(record.reason.isEmpty ? nil : record.reason)),
      ("attempt", JSONValue(record.attempt)), ("idempotencyKey", .string(record.idempotencyKey)),
      ("request", .string(record.request)), ("digest", .string(record.digest)),
      ("outcome", .string(record.outcome.name)), ("detail", JSONValue(record.outcome.detail)),
      ("status", JSONValue(record.outcome.status)), ("latencyMs", JSONValue(milliseconds: record.latency)),
      ("observedMs", JSONValue(milliseconds: record.outcome.observedAfter)),
      ("stages", .array(record.stages.map(stage))),
    ])
  }

  private static func stage(_ stage: ActionRecord.Stage) -> JSONValue {
    .object([("time", JSONValue(stage.time)), ("outcome", .string(stage.outcome.name))])
  }

  static func plan(_ plan: ActionPlan) -> JSONValue {
    .object([
      ("id", .string(plan.fingerprint)), ("count", JSONValue(plan.items.count)),
      (
        "concerns",
        .array(
          plan.confirmation.concerns.map { .object([("word", .string($0.word)), ("sentence", .string($0.sentence))]) })
      ), ("confirm", JSONValue(plan.confirmation.typed)), ("facts", .array(plan.facts.map { .string($0) })),
      ("kind", .string(plan.kind)), ("protected", .bool(plan.isProtected)),
      ("reason", JSONValue(plan.reason.isEmpty ? nil : plan.reason)),
      ("request", .array(plan.request.map { .string($0) })),
      ("expectation", JSONValue(plan.expectation.isEmpty ? nil : plan.expectation)),
      ("items", .array(plan.items.map(item))), ("excluded", .array(plan.exclusions.map(exclusion))),
    ])
  }

  static func exclusion(_ exclusion: ActionPlan.Exclusion) -> JSONValue {
    .object([("id", .string(exclusion.id)), ("reason", .string(exclusion.reason))])
  }

  private static func item(_ item: ActionPlan.Item) -> JSONValue {
    .object([
      ("id", .string(item.id)), ("type", .string(item.type)), ("status", JSONValue(item.status?.name)),
      ("flags", .array(item.flags.names.map { .string($0) })), ("step", JSONValue(item.step)),
      ("error", JSONValue(item.error)), ("ageMs", JSONValue(milliseconds: item.age)),
      ("attempt", JSONValue(item.attempt)), ("idempotencyKey", .string(item.idempotencyKey)),
      ("warning", JSONValue(item.warning)),
    ])
  }
}

extension ActionOutcome {
  /// HTTP's status or a program's exit code, of what was refused.
  var status: Int? { if case .refused(let status, _) = self { status } else { nil } }

  var observedAfter: Duration? { if case .observed(let time) = self { time } else { nil } }
}
