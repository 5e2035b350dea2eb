/// The step is being tried again.
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
