/// A later step's event was seen, an earlier one's never.
enum MissingEventRule {
  static func causes(_ situation: Situation) -> [Cause] {
    let row = situation.row
    guard !row.flags.contains(.incomplete), row.status == .running || row.status == .completed else { return [] }
    let isOver = row.status == .completed && row.flags.contains(.inconsistent)
    let behind = isOver ? row.steps.endIndex : row.steps.lastIndex { isDone($0) } ?? 0
    guard
      let missing = row.steps[..<behind].first(where: {
        !isDone($0) && $0.status != .skipped && (isOver || $0.status != .failed)
      })
    else { return [] }
    let later = row.steps.last { isDone($0) && $0.name != missing.name }
    let evidence =
      isOver
      ? "the saga completed without it: the event was lost, or its topic is not read"
      : "\(later?.name ?? "a step") is done, which comes after it: the event was lost, or its topic is not read"
    return [
      Cause(
        .eventMissing, "the event that ends \(missing.name) was never seen", [Evidence(evidence, source: "events")],
        strength: isOver ? 70 : 66,
        suggestion: "see whether the topic of \(missing.name) is among those that are read")
    ]
  }

  private static func isDone(_ step: StepView) -> Bool {
    step.status == .completed && step.attempts.contains { $0.endedAt != nil }
  }
}
