/// One roll-back.
package struct CompensationView: Sendable, Equatable {
  package var saga: SagaHandle
  package var sagaID: String
  package var type: String
  package var failedStep: String?
  package var error: String?
  /// The steps undone so far, in the order in which that happened.
  package var undone: [String]
  /// The steps whose undoing is still awaited or failed.
  package var remaining: [String]
  package var startedAt: Timestamp
  package var endedAt: Timestamp?
  package var outcome: SagaStatus

  package init(
    saga: SagaHandle, sagaID: String, type: String, failedStep: String? = nil, error: String? = nil,
    undone: [String] = [], remaining: [String] = [], startedAt: Timestamp, endedAt: Timestamp? = nil,
    outcome: SagaStatus
  ) {
    self.saga = saga
    self.sagaID = sagaID
    self.type = type
    self.failedStep = failedStep
    self.error = error
    self.undone = undone
    self.remaining = remaining
    self.startedAt = startedAt
    self.endedAt = endedAt
    self.outcome = outcome
  }
}
