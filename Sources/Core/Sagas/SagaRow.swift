package struct SagaRow: Sendable, Equatable {
  package var handle: SagaHandle
  /// The displayed id.
  package var id: String
  package var type: String
  package var status: SagaStatus
  package var flags: SagaFlags
  /// The current step: pending, failed, being compensated, or last done.
  package var step: String?
  package var startedAt: Timestamp
  package var updatedAt: Timestamp
  /// `nil` while it is active.
  package var endedAt: Timestamp?
  /// Time of its last progress, `nil` before any; and the maximum time without progress, `nil` if it has no deadline.
  package var progressAt: Timestamp?
  package var deadline: Duration?
  /// The instance that published its last event.
  package var node: String?
  package var failedStep: String?
  package var error: String?
  package var steps: [StepView]
  /// The most likely cause; `nil` unless the list requested it.
  package var cause: String?
  /// An id of its parent saga.
  package var parent: String?
  /// Its current round, starting at 1.
  package var round = 1
  /// The definition's name for its end, if the status is too general: "refused".
  package var ending: String?
  /// Its start or end is the time when it was read, so its duration is an upper bound.
  package var isAtMost = false
  /// Traces of its events, latest last; limited in number.
  package var traces: [TraceID] = []

  package init(
    handle: SagaHandle, id: String, type: String, status: SagaStatus, flags: SagaFlags = [], step: String? = nil,
    startedAt: Timestamp, updatedAt: Timestamp, endedAt: Timestamp? = nil, progressAt: Timestamp?,
    deadline: Duration? = nil, node: String? = nil, failedStep: String? = nil, error: String? = nil,
    steps: [StepView] = []
  ) {
    self.handle = handle
    self.id = id
    self.type = type
    self.status = status
    self.flags = flags
    self.step = step
    self.startedAt = startedAt
    self.updatedAt = updatedAt
    self.endedAt = endedAt
    self.progressAt = progressAt
    self.deadline = deadline
    self.node = node
    self.failedStep = failedStep
    self.error = error
    self.steps = steps
  }
}
