import Text

/// Times that cannot be: clocks that differ.
enum ClockSkewRule {
  private static let tolerance = Duration.milliseconds(500)

  static func causes(_ situation: Situation) -> [Cause] {
    [ahead(situation), reversed(situation)].compactMap { $0 }
  }

  private static func ahead(_ situation: Situation) -> Cause? {
    guard let event = situation.saga.events.last(where: { $0.time - situation.now > tolerance }) else { return nil }
    let distance = Quantity.age(event.time - situation.now)
    return Cause(
      .clockSkew, "the clock of \(event.node ?? event.type) is ahead",
      [Evidence("\(event.type) is dated \(distance) in the future", source: "events")],
      strength: situation.isActive ? 45 : 30, suggestion: "set the clocks; deadlines are reckoned from these times")
  }

  /// A step that ended before it was handed its work.
  private static func reversed(_ situation: Situation) -> Cause? {
    let steps = situation.row.steps
    for (before, after) in zip(steps, steps.dropFirst()) {
      guard let first = before.endedAt, let second = after.attempts.first(where: { $0.endedAt != nil })?.endedAt,
        !before.attempts.contains(where: \.hasFailed), first - second > tolerance
      else { continue }
      let node = after.node.map { " on \($0)" } ?? ""
      return Cause(
        .clockSkew, "clocks differ by at least \(Quantity.age(first - second))",
        [Evidence("\(after.name)\(node) ended before \(before.name), which it follows", source: "events")],
        strength: situation.isActive ? 40 : 30, suggestion: "set the clocks; deadlines are reckoned from these times")
    }
    return nil
  }
}
