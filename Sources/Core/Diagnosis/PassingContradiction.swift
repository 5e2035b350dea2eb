import Text

/// What is said to hold a step up holds up all sagas at it: when others pass, it does not hold this one.
enum PassingContradiction {
  private static let lately = Duration.seconds(5)
  private static let amount = 30

  static func apply(to cause: inout Cause, in situation: Situation) {
    guard cause.kind.holdsWholeStep, situation.isActive, situation.pace.recentCount >= 3,
      let passed = situation.pace.lastPassed, situation.now - passed < lately
    else { return }
    let age = Quantity.age(situation.now - passed)
    cause.weaken(
      by: amount,
      Evidence("yet another saga passed \(situation.stepName) \(age) ago", source: "events", weight: .contradicts))
  }
}

extension CauseKind {
  fileprivate var holdsWholeStep: Bool {
    switch self {
    case .serviceDown, .circuitOpen, .groupEmpty, .groupRebalancing, .orchestratorSilent: true
    default: false
    }
  }
}
