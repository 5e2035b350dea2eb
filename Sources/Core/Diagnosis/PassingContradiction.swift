import Text

/// A cause that blocks a step blocks all sagas at it. If other sagas pass the step, the cause is less likely.
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
