import Core

/// What came of sending one request.
struct SendResult: Sendable {
  /// `accepted`, `refused` or `unknown`.
  var outcome: ActionOutcome
  var latency: Duration
  /// Where the action's own message lies, so that it is not taken for an answer.
  var own: ExpectationCheck.Place?
  /// The other side has itself shown that it is done: there is nothing to watch.
  var isObserved = false
  /// For so long the other side wants nothing more.
  var retryAfter: Duration?
}
