import Text

/// The sentences of a diagnosis, identical on the screen, in text and in reports.
package enum DiagnosisText {
  /// Example: "order 1042 is stuck at payment for 4m12s (deadline 15s)".
  package static func headline(_ diagnosis: Diagnosis) -> String {
    let saga = diagnosis.saga
    return "\(saga.type) \(saga.id) \(state(diagnosis))"
  }

  private static func state(_ diagnosis: Diagnosis) -> String {
    let (saga, step) = (diagnosis.saga, diagnosis.step ?? "its next event")
    let quiet = Quantity.age(saga.progressAt.map { diagnosis.at - $0 })
    let deadline = saga.deadline.map { " (deadline \(Quantity.age($0)))" } ?? ""
    let took = "took \(saga.isAtMost ? "at most " : "")\(Quantity.latency(saga.endedAt.map { $0 - saga.startedAt }))"
    switch diagnosis.trouble {
    case .failed: return "failed and needs a person"
    case .stuck where saga.status == .compensating:
      return "is stuck: \(compensating(diagnosis)) for \(quiet)\(deadline)"
    case .stuck: return "is stuck: it waits for \(step) for \(quiet)\(deadline)"
    case .compensating: return "is being compensated: \(compensating(diagnosis)) for \(quiet)\(deadline)"
    case .inconsistent: return "ended as \(saga.status.name), but its events contradict each other"
    case .compensated: return "was compensated\(diagnosis.step.map { ", because \($0) failed" } ?? ""); \(took)"
    case .slow where saga.status == .completed: return "completed slowly: \(took), mostly at \(step)"
    case .slow: return "is slow: it waits for \(step) for \(quiet)\(deadline)"
    case .waiting: return "runs: it waits for \(step) for \(quiet)\(deadline)"
    case .none where saga.status == .completed: return "completed, \(took)"
    case .none where saga.status == .declined: return "was declined, \(took)"
    case .none: return "is over, and it is not known how it ended; \(took)"
    }
  }

  /// What the compensation waits for.
  private static func compensating(_ diagnosis: Diagnosis) -> String {
    guard let name = diagnosis.step else { return "nothing is left to be undone, and no event has ended it" }
    let step = diagnosis.saga.steps.first { $0.name == name }
    if step?.status == .compensating { return "\(name) is not undone" }
    return "it is not known whether \(name) was done"
  }

  /// The effect on the saga, as the last link of the chain; `nil` if the saga has ended.
  package static func effect(_ diagnosis: Diagnosis) -> String? {
    guard diagnosis.saga.status.isActive else { return nil }
    return "\(diagnosis.saga.type) \(diagnosis.saga.id) waits for \(diagnosis.step ?? "its next event")"
  }

  /// The cause without details that differ between sagas, so that equal causes are counted together.
  package static func pattern(_ cause: Cause) -> String { ErrorPattern.of(cause.sentence) }

  /// The strength in words, such as "likely" or "possible".
  package static func strength(_ cause: Cause) -> String {
    let word =
      switch cause.strength {
      case 85...: "almost certain"
      case 60..<85: "likely"
      case 35..<60: "possible"
      case 10..<35: "a sign only"
      default: "unexplained"
      }
    return word + (cause.isStale ? ", on old readings" : "")
  }

  /// Example: "yet: the saga's own message was read [lag, 1.2s old]".
  package static func evidence(_ evidence: Evidence, now: Timestamp) -> String {
    var place = evidence.source
    if let age = evidence.age(at: now) { place += ", \(evidence.isStale ? "stale: " : "")\(Quantity.age(age)) old" }
    return "\(evidence.text) [\(place)]"
  }
}
