import Text

/// A step reported a failure.
enum StepFailedRule {
  static func causes(_ situation: Situation) -> [Cause] {
    undoing(situation) + forward(situation)
  }

  private static func undoing(_ situation: Situation) -> [Cause] {
    guard let step = situation.row.steps.first(where: { $0.status == .compensationFailed }) else { return [] }
    return [
      Cause(
        .stepFailed, "\(step.name) could not be undone",
        [Evidence(step.compensationError ?? "it says no reason", source: "events")], strength: 96,
        suggestion: "undo \(step.name) by hand, then end the saga")
    ]
  }

  private static func forward(_ situation: Situation) -> [Cause] {
    guard let name = situation.row.failedStep, situation.row.status != .completed,
      let step = situation.row.steps.first(where: { $0.name == name })
    else { return lastAttempt(situation) }
    let error = step.attempts.last { $0.error != nil }?.error ?? situation.row.error
    return [cause(step, error, situation, strength: strength(situation))]
  }

  /// During a roll-back the failure is known; the question is then why the roll-back does not end.
  private static func strength(_ situation: Situation) -> Int {
    switch situation.trouble {
    case .stuck: 40
    case .failed: 70
    default: 90
    }
  }

  private static func lastAttempt(_ situation: Situation) -> [Cause] {
    guard situation.row.status == .running, let step = situation.focus,
      let failed = step.attempts.last(where: \.hasFailed)
    else { return [] }
    return [cause(step, failed.error, situation, strength: step.status == .failed ? 80 : 45)]
  }

  private static func cause(_ step: StepView, _ error: String?, _ situation: Situation, strength: Int) -> Cause {
    let event = situation.saga.events.first { $0.error != nil && $0.error == error }
    let word = event.map { "\($0.type) says so" } ?? (error == nil ? "it says no reason" : "it said so")
    let age = (event?.time ?? step.endedAt).map { ", \(Quantity.age(situation.now - $0)) ago" } ?? ""
    let text = "\(word)\(step.node.map { " on \($0)" } ?? "")\(age)"
    return Cause(
      .stepFailed, "\(step.name) failed\(error.map { ": \($0)" } ?? "")", [Evidence(text, source: "events")],
      strength: strength,
      suggestion: "see whether it may be tried again: a refusal comes again, a fault need not")
  }
}

/// A recurring error: of the saga itself, or of other sagas at the step that it waits for.
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
    var cause = Cause(
      .repeatedError, "\(situation.stepName) fails for others: \(failure.pattern)", [Evidence(text, source: "events")],
      strength: 46, suggestion: "look at what fails there")
    cause.isEarlier = age > situation.waited
    return cause
  }
}

/// The service read the saga's message but published nothing for it.
enum UnansweredRule {
  static func causes(_ situation: Situation) -> [Cause] {
    guard situation.isActive, situation.focus?.status != .failed, situation.isInputRead == true,
      let group = situation.group, let input = situation.input,
      situation.trouble == .stuck || situation.pace.excess(of: situation.waited) != nil
    else { return [] }
    let place = "\(input.topic)/\(input.partition)@\(input.offset)"
    return [
      Cause(
        .unanswered, "\(situation.focus?.service ?? group.row.name) read the saga's message and did not answer",
        [
          situation.evidence(
            "\(group.row.name) has committed past \(place), and nothing came for "
              + Quantity.age(situation.waited), source: "lag", readAt: group.readAt)
        ],
        strength: 58, suggestion: "look for the saga in the service's log; publish \(place) again to retry",
        subject: .group(group.row.name), effect: "\(situation.focus?.service ?? group.row.name) does not answer")
    ]
  }
}

/// A step takes, or took, much longer than usual.
enum SlowStepRule {
  static func causes(_ situation: Situation) -> [Cause] {
    let done = situation.slowSteps.map { slow in
      cause(slow.step, slow.pace, "\(slow.step.name) took \(Quantity.latency(slow.took))", "was slow")
    }
    // A long wait of this saga alone is not a cause; a long wait of all sagas is.
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

/// The step is being retried.
enum RetryRule {
  static func causes(_ situation: Situation) -> [Cause] {
    guard situation.isActive, let step = situation.focus, step.status == .running || step.status == .failed,
      step.attempts.count > 1,
      step.attempts.dropLast().contains(where: \.hasFailed)
    else { return [] }
    let failed = step.attempts.filter(\.hasFailed)
    var evidence = [Evidence("\(failed.count) of \(step.attempts.count) attempts failed", source: "events")]
    if let error = failed.last?.error { evidence.append(Evidence("the last said: \(error)", source: "events")) }
    return [
      Cause(
        .retrying, "\(step.name) is tried for the \(ordinal(step.attempts.count)) time", evidence, strength: 52,
        suggestion: "wait for the attempt, or see why all fail")
    ]
  }

  static func ordinal(_ number: Int) -> String {
    switch (number, number % 10, number % 100) {
    case (2, _, _): "second"
    case (3, _, _): "third"
    case (_, _, 11...13): "\(number)th"
    case (_, 1, _): "\(number)st"
    case (_, 2, _): "\(number)nd"
    case (_, 3, _): "\(number)rd"
    default: "\(number)th"
    }
  }
}

/// Compensations of steps are pending.
enum CompensationRule {
  static func causes(_ situation: Situation) -> [Cause] {
    guard situation.row.status == .compensating else { return [] }
    let owed = situation.row.steps.filter { $0.status == .compensating }
    guard let next = owed.last else { return [] }
    var evidence = [
      Evidence(
        "to be undone: \(owed.reversed().map(\.name).joined(separator: ", ")); nothing was undone for "
          + Quantity.age(situation.row.progressAt.map { situation.now - $0 }), source: "events")
    ]
    if let service = next.service { evidence.append(Evidence("\(service) must do it", source: "events")) }
    return [
      Cause(
        .awaitingCompensation, "waits for \(next.name) to be undone", evidence,
        strength: situation.trouble == .stuck ? 48 : 42,
        suggestion: situation.trouble == .stuck ? "see why \(next.service ?? next.name) does not undo it" : nil)
    ]
  }
}

/// The coordinator of the saga publishes nothing.
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

/// The step waits for a person's decision: the saga is not late, and nothing is at fault.
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

/// No watched source explains the saga's state.
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
