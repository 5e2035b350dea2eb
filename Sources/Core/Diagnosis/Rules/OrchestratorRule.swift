import Text

/// The coordinator that should speak for the saga says nothing at all.
enum OrchestratorRule {
  private static let silence = Duration.seconds(30)

  static func causes(_ situation: Situation) -> [Cause] {
    guard situation.coordination == .orchestration, situation.trouble == .stuck, let last = situation.lastOfType else {
      return []
    }
    let quiet = situation.now - last
    guard quiet > max(silence, situation.row.deadline ?? .zero) else { return [] }
    let others = situation.pace.waiting > 1 ? "; \(situation.pace.waiting) sagas wait at \(situation.stepName)" : ""
    return [
      Cause(
        .orchestratorSilent, "the coordinator of \(situation.row.type) is silent",
        [Evidence("it published nothing of any saga for \(Quantity.age(quiet))\(others)", source: "events")],
        strength: 70, suggestion: "see whether the coordinator runs")
    ]
  }
}
