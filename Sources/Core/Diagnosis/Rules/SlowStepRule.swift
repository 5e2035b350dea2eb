import Text

/// A step takes, or took, much longer than it usually does.
enum SlowStepRule {
  static func causes(_ situation: Situation) -> [Cause] {
    let done = situation.slowSteps.map { slow in
      cause(slow.step, slow.pace, "\(slow.step.name) took \(Quantity.latency(slow.took))", "was slow")
    }
    // That it waits for long is no cause of its own; that all do is.
    guard situation.row.status == .running, let step = situation.focus,
      situation.pace.isSlowOfLate
    else { return done }
    let text = "it waits for \(step.name) for \(Quantity.latency(situation.waited))"
    return [cause(step, situation.pace, text, "is slow")] + done
  }

  private static func cause(_ step: StepView, _ pace: StepPace, _ text: String, _ verb: String) -> Cause {
    var evidence = [Evidence("\(text), usually \(Quantity.latency(pace.usual))", source: "events")]
    if let recent = pace.recent, pace.isSlowOfLate {
      evidence.append(
        Evidence("the last \(pace.recentCount) sagas took \(Quantity.latency(recent)) for it", source: "events"))
    }
    return Cause(
      .slowStep, "\(step.name) \(verb)", evidence, strength: pace.isSlowOfLate ? 74 : 35,
      suggestion: "look at what \(step.service ?? step.name) waits for", subject: step.service.map { .service($0) })
  }
}
