import Text

/// A call that the step in question waited for failed, or took most of its time.
enum CallRule {
  private static let leastSlow = Duration.seconds(1)
  /// The maximum clock difference between machines.
  private static let tolerance = Duration.seconds(5)
  /// A trace may have begun before the saga's first event.
  private static let longBefore = Duration.seconds(3600)
  /// A step that fails later than this after a call fails for another reason.
  private static let reaction = Duration.seconds(5)
  /// The strength of a refusal (4xx) that may be an ordinary answer: it explains nothing alone.
  private static let weak = 20
  private static let most = 3

  static func causes(_ situation: Situation) -> [Cause] {
    guard situation.trouble.needsCause, let traces = situation.traces else { return [] }
    let calls = traces.calls.filter { isAtStep($0, situation) }
    let failed = calls.failures.map { (call: $0, strength: strength($0, situation)) }
      .sorted { ($1.strength, $1.call.start) < ($0.strength, $0.call.start) }
    let slow = slow(calls, situation).filter { call in !failed.contains { $0.call == call && $0.strength > weak } }
    return unique(failed.map(\.call)).prefix(most).map { call in
      let alike = failed.filter { $0.call.isAmong(call) && $0.call.isRefusal == call.isRefusal }
      return cause(.callFailed, call, count: alike.count, strength: alike.first?.strength ?? weak, situation)
    }
      + unique(slow).prefix(most).map { cause(.callSlow, $0, strength: isOwn($0, situation) ? 88 : 70, situation) }
  }

  /// Once per pair of services: retries give the same result.
  private static func unique(_ calls: [TraceCall]) -> [TraceCall] {
    calls.indices.filter { place in
      !calls[..<place].contains { $0.isAmong(calls[place]) }
    }.map { calls[$0] }
  }

  /// Its times cannot be those of the saga's trace: it began long before the saga, or ends after the present.
  static func isImpossible(_ call: TraceCall, _ situation: Situation) -> Bool {
    call.start < situation.row.startedAt - longBefore || call.end(at: situation.now) > situation.now + tolerance
  }

  /// Made while the saga was at the step, and not by the service of another step.
  private static func isAtStep(_ call: TraceCall, _ situation: Situation) -> Bool {
    guard !isImpossible(call, situation), call.start >= situation.row.startedAt - tolerance,
      call.isDuring(situation.focusStart, situation.focusEnd, now: situation.now)
    else { return false }
    guard let focus = situation.focus, let caller = call.caller, caller != focus.service else { return true }
    return !situation.row.steps.contains { $0.name != focus.name && $0.service == caller }
  }

  private static func isOwn(_ call: TraceCall, _ situation: Situation) -> Bool {
    call.caller != nil && call.caller == situation.focus?.service
  }

  private static func strength(_ call: TraceCall, _ situation: Situation) -> Int {
    if call.isRefusal, !isFollowedByFailure(call, situation) { return weak }
    return isOwn(call, situation) ? 93 : 75
  }

  /// The step failed right after the call.
  private static func isFollowedByFailure(_ call: TraceCall, _ situation: Situation) -> Bool {
    guard let last = situation.focus?.attempts.last, last.hasFailed, let failed = last.endedAt else { return false }
    let wait = failed - call.end(at: failed)
    return wait >= .zero - tolerance && wait <= reaction
  }

  /// At least half of the time that the saga has waited or the step took, and at least a second of that time.
  private static func slow(_ calls: [TraceCall], _ situation: Situation) -> [TraceCall] {
    guard situation.trouble != .failed, situation.trouble != .compensated else { return [] }
    let least = max(leastSlow, situation.waited * 0.5)
    let end = situation.focusEnd ?? situation.now
    return calls.slow(least, at: end).filter { call in
      min(call.end(at: end), end) - max(call.start, situation.focusStart ?? call.start) >= least
    }.sorted { ($0.duration ?? .zero) > ($1.duration ?? .zero) }
  }

  private static func cause(
    _ kind: CauseKind, _ call: TraceCall, count: Int = 1, strength: Int, _ situation: Situation
  ) -> Cause {
    let age = "\(Quantity.age(situation.now - call.start)) ago"
    var text = "\(call.operation), \(count > 1 ? "\(count) times, the last \(age)" : age)"
    if let status = call.status, let error = call.error, error != "\(status)" { text += ": \(error)" }
    text += ", trace \(call.trace.text)"
    let readAt = situation.traces?.samples.first { $0.id == call.trace }?.time
    return Cause(
      kind, call.sentence, [Evidence(text, source: "traces", readAt: readAt)], strength: strength,
      suggestion: kind == .callFailed
        ? "look at \(call.callee), which answered so" : "look at what \(call.callee) waits for",
      subject: situation.watched.contains(call.callee) ? .service(call.callee) : nil)
  }
}

extension TraceCall {
  /// Between the same services.
  fileprivate func isAmong(_ other: TraceCall) -> Bool { caller == other.caller && callee == other.callee }
}
