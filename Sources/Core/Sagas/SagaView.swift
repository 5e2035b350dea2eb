/// All details of one saga; `row.steps` contains its steps with all attempts.
package struct SagaView: Sendable, Equatable {
  package var row: SagaRow
  /// All its ids with their kinds, in the order of the definition.
  package var ids: [(name: String, value: String)]
  /// In chronological order.
  package var events: [EventRow]
  /// Number of events that were not stored because of the limit per saga.
  package var droppedEvents: Int
  /// Its earlier rounds, oldest first.
  package var earlier: [RoundView] = []
  /// The contradictions between the events of its last round.
  package var contradictions: [SagaContradiction] = []
  /// Its parent saga; `nil` if it has none or the parent is not retained.
  package var parent: SagaRow?
  /// At most `mostChildren` of its children in order of their start, and the total number.
  package var children: [SagaRow] = []
  package var childCount = 0
  package static let mostChildren = 100
  /// The operators' actions on it, oldest first.
  package var actions: [ActionRecord] = []

  package init(
    row: SagaRow, ids: [(name: String, value: String)] = [], events: [EventRow] = [], droppedEvents: Int = 0
  ) {
    self.row = row
    self.ids = ids
    self.events = events
    self.droppedEvents = droppedEvents
  }

  package static func == (left: SagaView, right: SagaView) -> Bool {
    left.row == right.row && left.events == right.events && left.droppedEvents == right.droppedEvents
      && left.parent == right.parent && left.children == right.children && left.childCount == right.childCount
      && left.actions == right.actions && left.ids.elementsEqual(right.ids) { $0 == $1 }
  }
}

/// A round of a saga that was followed by another.
package struct RoundView: Sendable, Equatable {
  /// Starting at 1.
  package var number: Int
  package var status: SagaStatus
  package var flags: SagaFlags
  package var startedAt: Timestamp
  package var endedAt: Timestamp?
  package var failedStep: String?
  package var error: String?
  package var steps: [StepView]
}

/// An event that contradicts the earlier ones.
package struct SagaContradiction: Sendable, Equatable {
  package enum Kind: Sendable, Equatable {
    /// Another end.
    case end(SagaStatus)
    /// A step failed after the saga had ended.
    case failure(step: String)
    /// A step was done after the compensation had ended.
    case success(step: String)
  }

  package var kind: Kind
  package var event: String
  package var time: Timestamp
  /// The event that ended the saga before, and its time; `nil` if there was none.
  package var endEvent: String?
  package var endedAt: Timestamp?
}

/// One step of a saga for screens and reports.
package struct StepView: Sendable, Equatable {
  package struct Attempt: Sendable, Equatable {
    /// When the step was handed over: the time of its own start event, else of the event that handed over to it.
    package var startedAt: Timestamp?
    package var endedAt: Timestamp?
    package var hasFailed: Bool
    /// Its start or end is the time when it was read, so its duration is an upper bound.
    package var isAtMost = false
    package var node: String?
    package var error: String?

    package init(
      startedAt: Timestamp? = nil, endedAt: Timestamp? = nil, hasFailed: Bool = false, isAtMost: Bool = false,
      node: String? = nil, error: String? = nil
    ) {
      self.startedAt = startedAt
      self.endedAt = endedAt
      self.hasFailed = hasFailed
      self.isAtMost = isAtMost
      self.node = node
      self.error = error
    }
  }

  package var name: String
  package var status: StepStatus
  package var service: String?
  /// The consumer group that must read the input before the step starts.
  package var group: String?
  /// In chronological order; empty while the step is pending.
  package var attempts: [Attempt]
  /// When its compensation ended, with success or failure.
  package var compensatedAt: Timestamp?
  package var compensationNode: String?
  package var compensationError: String?
  /// It waits for a person's decision.
  package var waitsForPerson = false

  package init(
    name: String, status: StepStatus, service: String? = nil, group: String? = nil, attempts: [Attempt] = [],
    compensatedAt: Timestamp? = nil, compensationNode: String? = nil, compensationError: String? = nil
  ) {
    self.name = name
    self.status = status
    self.service = service
    self.group = group
    self.attempts = attempts
    self.compensatedAt = compensatedAt
    self.compensationNode = compensationNode
    self.compensationError = compensationError
  }

  package var startedAt: Timestamp? { attempts.last?.startedAt }
  package var endedAt: Timestamp? { attempts.last?.endedAt }
  /// The instance that worked on it last.
  package var node: String? { attempts.last?.node }
  package var error: String? { compensationError ?? attempts.last?.error }
}
