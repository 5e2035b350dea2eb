import Text

/// A synchronous call between services, according to a trace's spans.
package struct TraceCall: Sendable, Equatable {
  package var trace: TraceID
  package var caller: String?
  package var callee: String
  /// "GET /users/42"
  package var operation: String
  package var start: Timestamp
  /// `nil` if no end was reported: the call is running, or the caller died.
  package var duration: Duration?
  /// HTTP status.
  package var status: Int?
  package var hasFailed: Bool
  package var error: String?
  /// The call's row in the tree and the rows below it.
  package var rows: Range<Int>

  /// "order-service called user-service: HTTP 503 after 2.1s"
  package var sentence: String { "\(caller ?? "a service") called \(callee): \(outcome)" }

  /// "HTTP 503 after 2.1s", "no answer for 4s", "took 2.1s".
  package var outcome: String {
    let time = duration.map { Quantity.latency($0) }
    guard hasFailed else { return time.map { "took \($0)" } ?? "no end was reported" }
    let what = status.map { "HTTP \($0)" } ?? error.map { "failed (\($0))" } ?? "failed"
    return what + (time.map { " after \($0)" } ?? "")
  }

  /// A status of 4xx is usually an answer: "not found", "not logged in". A timeout (408) and a limit (429) are not.
  package var isRefusal: Bool {
    status.map { (400..<500).contains($0) && $0 != 408 && $0 != 429 } ?? false
  }

  package func end(at now: Timestamp) -> Timestamp { duration.map { start + $0 } ?? max(start, now) }

  /// All calls of a trace, in the order of its tree.
  package static func calls(in tree: TraceTree, of trace: TraceID) -> [TraceCall] {
    tree.rows.indices.compactMap { call(at: $0, tree, trace) }
  }

  private static func call(at place: Int, _ tree: TraceTree, _ trace: TraceID) -> TraceCall? {
    let row = tree.rows[place]
    let span = row.span
    guard !span.isMessaging else { return nil }
    let answer = (place + 1..<row.end).lazy.map { tree.rows[$0] }.first {
      $0.parent == place && $0.span.kind != .client && $0.span.service != span.service
    }
    if span.kind == .client {
      let callee = answer?.span.service ?? span.remote ?? Self.peer(of: span)
      return TraceCall(
        span, answer: answer?.span, caller: span.service, callee: callee ?? span.name, trace, place..<row.end)
    }
    // Without a client span, a change of service shows the call.
    guard let parent = row.parent.map({ tree.rows[$0].span }), parent.kind != .client, !parent.isMessaging,
      let caller = parent.service, let callee = span.service, caller != callee
    else { return nil }
    return TraceCall(span, answer: nil, caller: caller, callee: callee, trace, place..<row.end)
  }

  private static func peer(of span: TraceSpan) -> String? {
    span.tag("peer.service", "server.address", "net.peer.name", "http.host", "db.system", "db.system.name")
  }

  private init(
    _ span: TraceSpan, answer: TraceSpan?, caller: String?, callee: String, _ trace: TraceID, _ rows: Range<Int>
  ) {
    self.trace = trace
    self.caller = caller
    self.callee = callee
    self.rows = rows
    operation = span.name
    start = span.start
    duration = span.duration
    status = span.status ?? answer?.status
    hasFailed = span.hasFailed || answer?.hasFailed ?? false || (status ?? 0) >= 500
    error = span.error ?? answer?.error
  }
}

extension [TraceCall] {
  /// Failed calls that did not succeed in a later retry; of nested calls only the innermost. A refusal does not hide the call
  /// around it that failed otherwise.
  package var failures: [TraceCall] {
    let failed = filter { call in
      call.hasFailed
        && !contains { $0.isSame(as: call) && !$0.hasFailed && $0.duration != nil && $0.start > call.start }
    }
    return failed.filter { call in
      !failed.contains { call.encloses($0) && (call.isRefusal || !$0.isRefusal) }
    }
  }

  /// Calls that took at least `least`, or are running for that long; of nested calls the innermost that took at least 70% of the time.
  package func slow(_ least: Duration, at now: Timestamp) -> [TraceCall] {
    let slow = filter { $0.end(at: now) - $0.start >= least }
    return slow.filter { call in
      let most = (call.end(at: now) - call.start) * 0.7
      return !slow.contains { call.encloses($0) && $0.end(at: now) - $0.start >= most }
    }
  }
}

extension TraceCall {
  fileprivate func isSame(as other: TraceCall) -> Bool {
    caller == other.caller && callee == other.callee && operation == other.operation
  }

  fileprivate func encloses(_ other: TraceCall) -> Bool {
    trace == other.trace && rows.lowerBound < other.rows.lowerBound && other.rows.upperBound <= rows.upperBound
  }

  /// The step during which the call was made: of the active steps, the caller's, otherwise the latest. `nil` if none was active, or if the
  /// caller has steps of its own but none of them was active.
  package func step(of steps: [StepView], now: Timestamp) -> Int? {
    let open = steps.indices.filter { place in
      steps[place].attempts.contains { isDuring($0.startedAt, $0.endedAt, now: now) }
    }
    if let own = open.last(where: { steps[$0].service != nil && steps[$0].service == caller }) { return own }
    let services = Set(steps.compactMap(\.service))
    guard caller.map({ !services.contains($0) }) ?? true else { return nil }
    return open.max { (steps[$0].startedAt ?? .distantPast) < (steps[$1].startedAt ?? .distantPast) }
  }

  /// The maximum clock difference between machines.
  private static let tolerance = Duration.seconds(1)

  func isDuring(_ start: Timestamp?, _ end: Timestamp?, now: Timestamp) -> Bool {
    self.end(at: now) + Self.tolerance >= (start ?? .distantPast) && self.start - Self.tolerance <= (end ?? now)
  }
}
