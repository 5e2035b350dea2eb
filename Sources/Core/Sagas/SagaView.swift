/// One saga, whole: `row.steps` has its steps with all attempts.
package struct SagaView: Sendable, Equatable {
  package var row: SagaRow
  /// Every id that names it, with the kind of id, in the definition's order.
  package var ids: [(name: String, value: String)]
  /// In the order of their times.
  package var events: [EventRow]
  /// Events that came after the bound per saga was reached and are not kept.
  package var droppedEvents: Int
  /// Its earlier rounds, oldest first.
  package var earlier: [RoundView] = []
  /// What its last round's events say against each other.
  package var contradictions: [SagaContradiction] = []
  /// The saga that it is a part of, where that is kept.
  package var parent: SagaRow?
  /// Its own parts, the first begun first, `mostChildren` at most, and how many there are.
  package var children: [SagaRow] = []
  package var childCount = 0
  package static let mostChildren = 100
  /// What operators had done to it, the oldest first.
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
  /// Counted from 1.
  package var number: Int
  package var status: SagaStatus
  package var flags: SagaFlags
  package var startedAt: Timestamp
  package var endedAt: Timestamp?
  package var failedStep: String?
  package var error: String?
  package var steps: [StepView]
}

/// An event that cannot be true together with what was told before it.
package struct SagaContradiction: Sendable, Equatable {
  package enum Kind: Sendable, Equatable {
    /// Another end.
    case end(SagaStatus)
    /// A step failed after the saga was over.
    case failure(step: String)
    /// A step was done after the compensation was over.
    case success(step: String)
  }

  package var kind: Kind
  package var event: String
  package var time: Timestamp
  /// The event that ended the saga before, where one did, and when that was.
  package var endEvent: String?
  package var endedAt: Timestamp?
}

/// One step of a saga as a screen or report shows it.
package struct StepView: Sendable, Equatable {
  package struct Attempt: Sendable, Equatable {
    /// When the step was handed its work: its own begin event, else the event that handed over to it.
    package var startedAt: Timestamp?
    package var endedAt: Timestamp?
    package var hasFailed: Bool
    /// Its start or its end is when it was read: it took at most as long as it seems.
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
  /// The consumer group that must read before the step begins.
  package var group: String?
  /// In order; empty while the step is pending.
  package var attempts: [Attempt]
  /// When its undoing was done, or failed.
  package var compensatedAt: Timestamp?
  package var compensationNode: String?
  package var compensationError: String?
  /// It is done when a person decides.
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
