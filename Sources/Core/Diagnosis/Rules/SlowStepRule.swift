/// The step takes much longer than it usually does.
enum SlowStepRule {
  static func causes(_ situation: Situation) -> [Cause] {
    guard situation.row.status != .compensating, situation.row.status != .compensated, situation.row.status != .failed,
      let step = situation.focus, let usual = situation.pace.usual
    else { return [] }
    let isOwn = situation.pace.excess(of: situation.waited) != nil
    guard isOwn || (situation.pace.isSlowOfLate && situation.isActive) else { return [] }
    let verb = situation.isActive ? "it waits for \(step.name) for" : "\(step.name) took"
    var evidence = [
      Evidence("\(verb) \(Quantity.latency(situation.waited)), usually \(Quantity.latency(usual))", source: "events")
    ]
    if let recent = situation.pace.recent, situation.pace.isSlowOfLate {
      evidence.append(
        Evidence(
          "the last \(situation.pace.recentCount) sagas took \(Quantity.latency(recent)) for it", source: "events"))
    }
    let name = step.service ?? step.name
    return [
      Cause(
        .slowStep, "\(step.name) is slow", evidence, strength: situation.pace.isSlowOfLate ? 74 : 35,
        suggestion: "look at what \(name) waits for", subject: step.service.map { .service($0) })
    ]
  }
}
