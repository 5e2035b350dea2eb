import Core
import TUI
import Text

/// Formats a plan and its results as text and JSON.
package struct PlanReport {
  private static let sample = 10

  private let plan: ActionPlan
  /// Requested ids that match no saga.
  private let missing: [ActionPlan.Exclusion]
  private let isVerbose: Bool

  /// `isVerbose` lists every item.
  package init(_ plan: ActionPlan, missing: [ActionPlan.Exclusion] = [], isVerbose: Bool = false) {
    self.plan = plan
    self.missing = missing
    self.isVerbose = isVerbose
  }

  /// `results` is `nil` if the plan was not run.
  package func json(_ results: [ActionRecord]?) -> String {
    var shown = plan
    shown.exclusions += missing
    let document = JSONValue.object([
      ("schema", .string("sagatop.action/v1")), ("action", .string(plan.action.rawValue)),
      ("context", .string(plan.context)), ("intent", .string(plan.intent)), ("ran", .bool(results != nil)),
      ("plan", ActionJSON.plan(shown)), ("results", .array((results ?? []).map(ActionJSON.record))),
    ])
    return JSONWriter.write(document, isPretty: true) + "\n"
  }

  /// For a request that could not be planned.
  package static func json(
    refused refusal: ActionRefusal, action: ActionName, context: String, missing: [ActionPlan.Exclusion]
  ) -> String {
    let document = JSONValue.object([
      ("schema", .string("sagatop.action/v1")), ("action", .string(action.rawValue)), ("context", .string(context)),
      ("ran", .bool(false)), ("refusal", .string(refusal.message)),
      (
        "plan",
        .object([("items", .array([])), ("excluded", .array((refusal.exclusions + missing).map(ActionJSON.exclusion)))])
      ),
      ("results", .array([])),
    ])
    return JSONWriter.write(document, isPretty: true) + "\n"
  }

  package var planText: String {
    let count = plan.items.count
    var lines = [
      "\(plan.action.rawValue) \(things(count)) in \(plan.context)" + (plan.isProtected ? " (protected)" : "")
    ]
    if !plan.fingerprint.isEmpty {
      lines.append("id \(plan.fingerprint), to be confirmed within \(Quantity.age(plan.validFor))")
    }
    lines += plan.confirmation.concerns.map { "! \($0.sentence)" } + plan.facts
    lines += count > 1 ? PlanSums(plan).lines : []
    lines += plan.items.prefix(limit).map(line)
    if count > limit { lines.append("  and \(count - limit) more: --verbose lists them") }
    let left = plan.exclusions + missing
    if !left.isEmpty { lines.append("left out: \(left.count)") }
    lines += left.prefix(limit).map { "  \($0.id): \($0.reason)" }
    if left.count > limit { lines.append("  and \(left.count - limit) more: --verbose lists them") }
    lines += [count == 1 ? "request:" : "first request:"] + plan.request.map { "  \($0)" }
    if !plan.expectation.isEmpty { lines.append("expected: \(plan.expectation)") }
    return text(lines)
  }

  private var limit: Int { isVerbose ? .max : Self.sample }

  private func things(_ count: Int) -> String { "\(count) \(plan.action.scope.noun)\(count == 1 ? "" : "s")" }

  private func line(_ item: ActionPlan.Item) -> String {
    let state = ([item.status?.name].compactMap { $0 } + item.flags.names).joined(separator: ", ")
    let step = item.step.map { " at \($0)" } ?? ""
    return "  \(item.id)  \(item.type)  \(state)\(step)" + (item.warning.map { "  ! \($0)" } ?? "")
  }

  package static func outcomeText(_ record: ActionRecord) -> String {
    Sanitizer.sanitized(
      "\(record.action.rawValue) \(record.subject): \(record.outcome.name)"
        + (record.outcome.detail.map { " \($0)" } ?? "")) + "\n"
  }

  private func text(_ lines: [String]) -> String { lines.map { Sanitizer.sanitized($0) + "\n" }.joined() }
}

/// Actions as JSON, as described in docs/actions.md.
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
  /// HTTP status or exit status of a refused action.
  var status: Int? { if case .refused(let status, _) = self { status } else { nil } }

  var observedAfter: Duration? { if case .observed(let time) = self { time } else { nil } }
}
