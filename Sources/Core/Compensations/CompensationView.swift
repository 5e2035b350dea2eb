/// One roll-back.
package struct CompensationView: Sendable, Equatable {
  /// A step that was undone.
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

  /// A step whose undoing is still awaited, or failed.
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
  /// The node that the step failed on.
  package var node: String?
  /// What the saga is about, where the definition says where to find it.
  package var product: String?
  /// In the order in which that happened.
  package var undone: [Undoing]
  package var owed: [Owed]
  package var startedAt: Timestamp
  package var endedAt: Timestamp?
  package var outcome: SagaStatus
  /// No progress for longer than its deadline.
  package var isStuck: Bool
  package var trigger: CompensationTrigger
  /// How often the roll-back was tried: once, and once more after each undoing that failed and was tried again.
  package var attempts: Int
  /// The round of the saga, counted from 1.
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

  /// Until its end, or until `now`.
  package func duration(now: Timestamp) -> Duration { max(.zero, (endedAt ?? now) - startedAt) }
}

/// What set a roll-back off.
package enum CompensationTrigger: Sendable, Equatable {
  /// A step failed.
  case automatic
  /// A person asked for it through an action, by name.
  case `operator`(String)
  /// No step failed and no action of ours was sent: another system asked for it.
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
