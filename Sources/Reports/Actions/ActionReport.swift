import Core
import TUI
import Text

/// A plan and what came of it, for people and for programs.
package struct ActionReport {
  private static let sample = 10

  private let plan: ActionPlan
  /// Those that were asked for by an id that no saga has.
  private let missing: [ActionPlan.Exclusion]
  private let isVerbose: Bool

  /// `isVerbose` lists everything one by one.
  package init(_ plan: ActionPlan, missing: [ActionPlan.Exclusion] = [], isVerbose: Bool = false) {
    self.plan = plan
    self.missing = missing
    self.isVerbose = isVerbose
  }

  /// `results` is `nil` when it was only planned.
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

  /// When nothing could be planned.
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
