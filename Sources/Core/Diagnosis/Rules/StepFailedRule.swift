import Text

/// A step said that it failed, and why.
enum StepFailedRule {
  static func causes(_ situation: Situation) -> [Cause] {
    undoing(situation) + forward(situation)
  }

  private static func undoing(_ situation: Situation) -> [Cause] {
    guard let step = situation.row.steps.first(where: { $0.status == .compensationFailed }) else { return [] }
    return [
      Cause(
        .stepFailed, "\(step.name) could not be undone",
        [Evidence(step.compensationError ?? "it says no reason", source: "events")], strength: 96,
        suggestion: "undo \(step.name) by hand, then end the saga")
    ]
  }

  private static func forward(_ situation: Situation) -> [Cause] {
    guard let name = situation.row.failedStep, situation.row.status != .completed,
      let step = situation.row.steps.first(where: { $0.name == name })
    else { return lastAttempt(situation) }
    let error = step.attempts.last { $0.error != nil }?.error ?? situation.row.error
    return [cause(step, error, situation, strength: strength(situation))]
  }

  /// While it is rolled back the failure is known; what is asked then is why the roll-back does not end.
  private static func strength(_ situation: Situation) -> Int {
    switch situation.trouble {
    case .stuck: 40
    case .failed: 70
    default: 90
    }
  }

  private static func lastAttempt(_ situation: Situation) -> [Cause] {
    guard situation.row.status == .running, let step = situation.focus,
      let failed = step.attempts.last(where: \.hasFailed)
    else { return [] }
    return [cause(step, failed.error, situation, strength: step.status == .failed ? 80 : 45)]
  }

  private static func cause(_ step: StepView, _ error: String?, _ situation: Situation, strength: Int) -> Cause {
    let event = situation.saga.events.first { $0.error != nil && $0.error == error }
    let word = event.map { "\($0.type) says so" } ?? (error == nil ? "it says no reason" : "it said so")
    let age = (event?.time ?? step.endedAt).map { ", \(Quantity.age(situation.now - $0)) ago" } ?? ""
    let text = "\(word)\(step.node.map { " on \($0)" } ?? "")\(age)"
    return Cause(
      .stepFailed, "\(step.name) failed\(error.map { ": \($0)" } ?? "")", [Evidence(text, source: "events")],
      strength: strength,
      suggestion: "see whether it may be tried again: a refusal comes again, a fault need not")
  }
}
