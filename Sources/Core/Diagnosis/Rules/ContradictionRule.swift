import Text

/// Events that cannot be true together with how the saga ended, told by name and time.
enum ContradictionRule {
  private static let mostNamed = 5

  static func causes(_ situation: Situation) -> [Cause] {
    situation.saga.contradictions.suffix(mostNamed).map { cause($0, situation) }
  }

  private static func cause(_ found: SagaContradiction, _ situation: Situation) -> Cause {
    let told = Evidence("\(found.event) at \(found.time.iso8601)\(end(found))", source: "events")
    switch found.kind {
    case .success(let step):
      return Cause(
        .lateSuccess, "\(step) succeeded after the compensation was over: undo it", [told], strength: 98,
        suggestion: "undo \(step) by hand, or have its service undo it: nothing else will")
    case .failure(let step):
      return Cause(
        .lateFailure, "\(step) failed after the saga had ended as \(situation.row.status.name)", [told], strength: 72,
        suggestion: "see whether \(step) was done: the saga's end and this event cannot both be true")
    case .end(let status):
      let word = status == .completed ? "completed" : "as \(status.name)"
      return Cause(
        .contradictingEnd, "\(found.event) ends the saga \(word), although it had ended before", [told], strength: 86,
        suggestion: "see which of the two ends is true, and what published the other")
    }
  }

  private static func end(_ found: SagaContradiction) -> String {
    guard let endedAt = found.endedAt else { return "" }
    guard let event = found.endEvent else { return ", and it was over since \(endedAt.iso8601)" }
    return ", and \(event) at \(endedAt.iso8601)"
  }
}
