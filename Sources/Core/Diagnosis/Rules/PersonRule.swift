import Text

/// A person decides when the step is done: the saga is not late, and nobody is to blame.
enum PersonRule {
  static func causes(_ situation: Situation) -> [Cause] {
    guard situation.isWaitingForPerson, let step = situation.focus else { return [] }
    return [
      Cause(
        .awaitingPerson, "\(step.name) waits for a person",
        [Evidence("for \(Quantity.age(situation.waited)); the step has no deadline", source: "events")], strength: 40)
    ]
  }
}
