/// What lists and sums need of a saga, or of one of its earlier rounds. It is derived from the saga's events; equal sets of events give
/// equal summaries.
struct SagaSummary: Equatable, Sendable {
  var status = SagaStatus.running
  var flags: SagaFlags = []
  var step = Symbol.none
  var failedStep = Symbol.none
  var node = Symbol.none
  var startedAt = Timestamp.distantPast
  var updatedAt = Timestamp.distantPast
  /// `nil` while no event has moved it: then it has no deadline either.
  var progressAt: Timestamp?
  var endedAt: Timestamp?
  var error: String?
  /// All that is known of it is done, and no event is known that would end it: nobody can say whether anything is to follow.
  var isOpenEnded = false
  /// Its first or its last instant is when it was read.
  var isAtMost = false
  /// Counted from 1.
  var round = 1

  /// From its first event to its end; `nil` while active, when its beginning was not seen, or where it is only an upper bound.
  var duration: Duration? {
    guard let endedAt, !flags.contains(.incomplete), !isAtMost else { return nil }
    return endedAt - startedAt
  }
}
