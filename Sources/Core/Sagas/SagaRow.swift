/// One saga in a list.
package struct SagaRow: Sendable, Equatable {
  package var handle: SagaHandle
  /// The id that it is shown by.
  package var id: String
  package var type: String
  package var status: SagaStatus
  package var flags: SagaFlags
  /// The step that it is at: waited for, failed, being undone, or done last.
  package var step: String?
  package var startedAt: Timestamp
  package var updatedAt: Timestamp
  /// `nil` while it is active.
  package var endedAt: Timestamp?
  /// When its last progress was, `nil` before any; and how long it may be without, `nil` where it has no deadline.
  package var progressAt: Timestamp?
  package var deadline: Duration?
  /// The instance that published its last event.
  package var node: String?
  package var failedStep: String?
  package var error: String?
  package var steps: [StepView]
  /// The likeliest cause, where a list that shows it has asked for it.
  package var cause: String?
  /// An id of the saga that it is a part of.
  package var parent: String?
  /// Which round it is in, counted from 1.
  package var round = 1
  /// What its definition calls its end, where the status says too little: "refused".
  package var ending: String?
  /// Its start or its end is when it was read: it took at most as long as it seems.
  package var isAtMost = false
  /// Of the traces that its events belong to, the latest last; not all of many.
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
