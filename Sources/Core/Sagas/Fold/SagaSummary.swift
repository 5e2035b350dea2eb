/// What lists and sums need of a saga. It is derived from the saga's events; equal sets of events give equal summaries.
struct SagaSummary: Equatable, Sendable {
  var status = SagaStatus.running
  var flags: SagaFlags = []
  var step = Symbol.none
  var failedStep = Symbol.none
  var node = Symbol.none
  var startedAt = Timestamp.distantPast
  var updatedAt = Timestamp.distantPast
  var progressAt = Timestamp.distantPast
  var endedAt: Timestamp?
  var error: String?

  /// From its first event to its end; `nil` while active, or when its beginning was not seen.
  var duration: Duration? {
    guard let endedAt, !flags.contains(.incomplete) else { return nil }
    return endedAt - startedAt
  }
}
