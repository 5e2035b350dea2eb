import Text

/// A call that the step in question waited for failed, or took most of its time.
enum CallRule {
  private static let leastSlow = Duration.seconds(1)
  private static let most = 3

  static func causes(_ situation: Situation) -> [Cause] {
    guard situation.trouble.needsCause, let traces = situation.traces else { return [] }
    let calls = traces.calls.filter { isAtStep($0, situation) }
    let failed = calls.failures.sorted { $0.start > $1.start }
    let slow = slow(calls, situation).filter { !failed.contains($0) }
    return unique(failed).prefix(most).map { call in
      let count = failed.count { $0.isAmong(call) }
      return cause(.callFailed, call, count: count, strength: isOwn(call, situation) ? 93 : 75, situation)
    }
      + unique(slow).prefix(most).map { cause(.callSlow, $0, strength: isOwn($0, situation) ? 88 : 70, situation) }
  }

  /// Once per pair of services: retries give the same result.
  private static func unique(_ calls: [TraceCall]) -> [TraceCall] {
    calls.indices.filter { place in
      !calls[..<place].contains { $0.isAmong(calls[place]) }
    }.map { calls[$0] }
  }

  /// Made while the saga was at the step, and not by the service of another step.
  private static func isAtStep(_ call: TraceCall, _ situation: Situation) -> Bool {
    guard call.isDuring(situation.focusStart, situation.focusEnd, now: situation.now) else { return false }
    guard let focus = situation.focus, let caller = call.caller, caller != focus.service else { return true }
    return !situation.row.steps.contains { $0.name != focus.name && $0.service == caller }
  }

  private static func isOwn(_ call: TraceCall, _ situation: Situation) -> Bool {
    call.caller != nil && call.caller == situation.focus?.service
  }

  /// At least half of the time that the saga has waited or the step took, and at least a second.
  private static func slow(_ calls: [TraceCall], _ situation: Situation) -> [TraceCall] {
    guard situation.trouble != .failed, situation.trouble != .compensated else { return [] }
    let least = max(leastSlow, situation.waited * 0.5)
    return calls.slow(least, at: situation.now).sorted { ($0.duration ?? .zero) > ($1.duration ?? .zero) }
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
