import Text

/// Nothing that is watched explains the saga's state, and that is said.
enum NothingFoundRule {
  static func cause(_ situation: Situation, _ unknown: [String]) -> Cause {
    let usual = situation.pace.usual.map { ", usually \(Quantity.latency($0))" } ?? ""
    let wait =
      situation.isActive ? "it waits for \(situation.stepName) for \(Quantity.age(situation.waited))\(usual)" : nil
    let evidence = [wait].compactMap { $0 } + (unknown.isEmpty ? ["everything that is watched looks well"] : unknown)
    return Cause(
      .nothingFound, "no cause found", evidence.map { Evidence($0, source: "sagatop") }, strength: 1,
      suggestion: unknown.isEmpty ? "look for the saga in the service's log" : "let sagatop watch what it cannot see")
  }
}
