/// A later step's event was seen, an earlier one's never.
enum MissingEventRule {
  static func causes(_ situation: Situation) -> [Cause] {
    let row = situation.row
    guard !row.flags.contains(.incomplete), row.status == .running || row.status == .completed else { return [] }
    guard let later = row.steps.lastIndex(where: { isDone($0) }),
      let missing = row.steps[..<later].first(where: { !isDone($0) && $0.status != .skipped && $0.status != .failed })
    else { return [] }
    return [
      Cause(
        .eventMissing, "the event that ends \(missing.name) was never seen",
        [
          Evidence(
            "\(row.steps[later].name) is done, which comes after it: the event was lost, or its topic is not read",
            source: "events")
        ], strength: row.status == .running ? 66 : 30,
        suggestion: "see whether the topic of \(missing.name) is among those that are read")
    ]
  }

  private static func isDone(_ step: StepView) -> Bool {
    step.status == .completed && step.attempts.contains { $0.endedAt != nil }
  }
}
