package struct CompensationView: Sendable, Equatable {
  /// A compensated step.
  package struct Undoing: Sendable, Equatable {
    package var step: String
    package var time: Timestamp?
    package var node: String?

    package init(step: String, time: Timestamp? = nil, node: String? = nil) {
      self.step = step
      self.time = time
      self.node = node
    }
  }

  /// A step with a pending or failed compensation.
  package struct Owed: Sendable, Equatable {
    package var step: String
    package var hasFailed: Bool
    package var time: Timestamp?
    package var error: String?

    package init(step: String, hasFailed: Bool = false, time: Timestamp? = nil, error: String? = nil) {
      self.step = step
      self.hasFailed = hasFailed
      self.time = time
      self.error = error
    }
  }

  package var saga: SagaHandle
  package var sagaID: String
  package var type: String
  package var failedStep: String?
  package var error: String?
  /// The node on which the step failed.
  package var node: String?
  /// The business object of the saga, if the definition has a source for it.
  package var product: String?
  /// In chronological order.
  package var undone: [Undoing]
  package var owed: [Owed]
  package var startedAt: Timestamp
  package var endedAt: Timestamp?
  package var outcome: SagaStatus
  /// No progress for longer than the deadline.
  package var isStuck: Bool
  package var trigger: CompensationTrigger
  /// Number of attempts: 1, plus 1 for each failed compensation of a step that was retried.
  package var attempts: Int
  /// The round of the saga, starting at 1.
  package var round = 1

  package init(
    saga: SagaHandle, sagaID: String, type: String, failedStep: String? = nil, error: String? = nil,
    node: String? = nil, undone: [Undoing] = [], owed: [Owed] = [], startedAt: Timestamp, endedAt: Timestamp? = nil,
    outcome: SagaStatus, isStuck: Bool = false, trigger: CompensationTrigger = .automatic, attempts: Int = 1
  ) {
    self.saga = saga
    self.sagaID = sagaID
    self.type = type
    self.failedStep = failedStep
    self.error = error
    self.node = node
    self.undone = undone
    self.owed = owed
    self.startedAt = startedAt
    self.endedAt = endedAt
    self.outcome = outcome
    self.isStuck = isStuck
    self.trigger = trigger
    self.attempts = attempts
  }

  /// Time until its end, or until `now`.
  package func duration(now: Timestamp) -> Duration { max(.zero, (endedAt ?? now) - startedAt) }
}

/// What triggered a roll-back.
package enum CompensationTrigger: Sendable, Equatable {
  case automatic
  /// An operator requested it through an action; the value is the operator's name.
  case `operator`(String)
  /// No step failed and sagatop sent no action: another system requested it.
  case external

  /// The word in JSON and filters.
  package var name: String {
    switch self {
    case .automatic: "automatic"
    case .operator: "operator"
    case .external: "external"
    }
  }
}
