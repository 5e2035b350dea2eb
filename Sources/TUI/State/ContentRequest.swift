import Core

/// What is to be read to draw the screen: only what is on it.
package struct ContentRequest: Sendable, Equatable {
  package var overview = false
  package var sagas: SagaQuery?
  package var events: EventsRequest?
  /// The saga whose page is open.
  package var saga: SagaHandle?
  /// Which sagas of the list are to be explained.
  package var explained: Explained?
  package var messages: [MessageRef] = []
  package var groups: GroupQuery?
  package var topics: TopicQuery?
  /// The consumer group whose page is open.
  package var group: String?
  package var locks: LockQuery?
  /// The lock whose page is open.
  package var lock: LockKey?

  package var services: ServiceQuery?
  /// The service whose page is open.
  package var service: String?

  package var actions: ActionQuery?
  /// The action whose page is open.
  package var action: ActionRecord.ID?
  /// The intent whose progress the dialog shows.
  package var intent: String?
  package var nodes: NodeQuery?
  package var members: MemberQuery?
  package var compensations: CompensationQuery?
  package var failures: FailureQuery?

  package init() {}

  /// The saga under the cursor, and the first few when they are in trouble.
  package struct Explained: Sendable, Equatable {
    package var cursor: SagaHandle?
    package var position: Int
    package var worst: Int
  }

  /// A window of the list of events that moves with the event under the cursor.
  package struct EventsRequest: Sendable, Equatable {
    package var query: EventQuery
    package var following: EventID?
    /// What the list said when `query.offset` was right.
    package var received: Int
    package var matching: Int
  }
}
