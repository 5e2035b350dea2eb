import Text

/// The same error comes again and again: the saga's own, or that of others at the step that it waits for.
enum RepeatedErrorRule {
  private static let least = 3
  private static let lately = Duration.seconds(60)

  static func causes(_ situation: Situation) -> [Cause] {
    guard situation.trouble.needsCause else { return [] }
    return situation.failures.compactMap { cause($0, situation) }
  }

  private static func cause(_ failure: Situation.Failure, _ situation: Situation) -> Cause? {
    guard failure.sagas >= least else { return nil }
    let age = situation.now - failure.lastAt
    var text = "\(failure.count) times in \(failure.sagas) sagas, the last \(Quantity.age(age)) ago"
    if let rate = failure.rate, rate >= 0.1 { text += ", \(Quantity.rate(rate)) over the last minute" }
    if failure.isOwn {
      return Cause(
        .repeatedError, "the same failure hits others: \(failure.pattern)", [Evidence(text, source: "events")],
        strength: 38, suggestion: "look at all of them together: the cause is not this saga's own")
    }
    guard situation.isActive, age < lately else { return nil }
    return Cause(
      .repeatedError, "\(situation.stepName) fails for others: \(failure.pattern)", [Evidence(text, source: "events")],
      strength: 46, suggestion: "look at what fails there")
  }
}
