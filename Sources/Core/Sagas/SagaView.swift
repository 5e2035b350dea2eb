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
