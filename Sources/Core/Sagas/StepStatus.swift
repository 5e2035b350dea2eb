/// Where a step of a saga stands.
package enum StepStatus: String, CaseIterable, Sendable {
  case pending
  case running
  case completed
  case failed
  /// Completed, and its undoing is awaited.
  case compensating
  case compensated
  case compensationFailed
  case skipped
}
