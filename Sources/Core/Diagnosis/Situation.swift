/// All data about one saga at one instant: the input of the diagnosis rules.
package struct Situation: Sendable {
  /// A consumer group that must read before the saga continues.
  package struct Group: Sendable {
    package var row: GroupRow
    /// The partition of the saga's own message; `nil` if unknown.
    package var partition: GroupPartitionRow?
    /// Whether the group reads its other partitions.
    package var others: Others
    package var readAt: Timestamp

    package enum Others: Sendable {
      /// It reads at least one of them.
      case move
      /// It reads none, although messages wait in one.
      case stand
      /// It has no other partitions, or no messages wait there.
      case none
    }

    package init(row: GroupRow, partition: GroupPartitionRow? = nil, others: Others = .none, readAt: Timestamp) {
      self.row = row
      self.partition = partition
      self.others = others
      self.readAt = readAt
    }
  }

  /// A message that could not be decoded as an event.
  package struct Unreadable: Sendable {
    package var topic: String
    package var partition: Int32
    package var offset: Int64
    package var time: Timestamp
    package var reason: String
    /// Its key, as text.
    package var key: String

    package init(topic: String, partition: Int32, offset: Int64, time: Timestamp, reason: String, key: String = "") {
      self.topic = topic
      self.partition = partition
      self.offset = offset
      self.time = time
      self.reason = reason
      self.key = key
    }
  }

  /// A completed step that took much longer than usual.
  package struct SlowStep: Sendable {
    package var step: StepView
    package var pace: StepPace
    package var took: Duration

    package init(step: StepView, pace: StepPace, took: Duration) {
      self.step = step
      self.pace = pace
      self.took = took
    }

    var excess: Duration { pace.excess(of: took) ?? .zero }
  }

  /// A recurring failure.
  package struct Failure: Sendable {
    package var pattern: String
    package var count: Int
    package var sagas: Int
    package var lastAt: Timestamp
    /// Per second, over the last minute.
    package var rate: Double?
    /// The saga itself has this failure.
    package var isOwn: Bool

    package init(pattern: String, count: Int, sagas: Int, lastAt: Timestamp, rate: Double? = nil, isOwn: Bool) {
      self.pattern = pattern
      self.count = count
      self.sagas = sagas
      self.lastAt = lastAt
      self.rate = rate
      self.isOwn = isOwn
    }
  }

  /// The saga with the message that blocks the group, before this saga's own message.
  package struct Head: Sendable {
    package var id: String
    package var type: String
    /// Example: "order-created/2@89".
    package var place: String
    package var locks: [LockRow]
  }

  /// An older observation does not describe the present state.
  static let staleAfter = Duration.seconds(15)

  package var now: Timestamp
  package var saga: SagaView
  package var coordination = SagaDefinition.Coordination.choreography
  package var trouble = SagaCondition.waiting
  /// The step in question: pending, failed, being compensated, or slower than usual.
  package var focus: StepView?
  package var pace = StepPace()
  package var slowSteps: [SlowStep] = []
  /// The saga's message that triggers the step in question.
  package var input: EventRow?
  /// The service of the step in question; `nil` if it is not watched.
  package var service: ServiceRow?
  /// Other services with circuits named after that service.
  package var callers: [ServiceRow] = []
  package var nodes: [NodeHealth] = []
  package var group: Group?
  /// Transactions that have been open for too long and may block what the saga waits for.
  package var transactions: [OpenTransaction] = []
  /// Locks with ids of the saga, or of its business objects, in their keys.
  package var locks: [LockRow] = []
  package var head: Head?
  /// Version changes shortly before the saga started to wait.
  package var deployments: [Change] = []
  /// The saga's traces that were requested from a trace store; `nil` if it has none.
  package var traces: SagaTraces?
  /// The pods of the service of the step in question; `nil` if unknown.
  package var pods: ServicePods?
  /// For a saga that runs as a job: the pods identified by one of its ids; `nil` if there are none.
  package var job: ServicePods?
  /// Names of the watched services.
  package var watched: Set<String> = []
  package var sources: [SourceStatus] = []
  /// In the partition of the saga's message, or with one of its ids as the key.
  package var unreadable: [Unreadable] = []
  /// The saga's own failures; if it has none, the most frequent failure at the step in question.
  package var failures: [Failure] = []
  /// Number of copies of its events, recognized by their ids.
  package var copies = 0
  /// Number of events that share their id with an event of another type.
  package var sharedEventIDs = 0
  package var joinedIDs: JoinedIDs?
  /// The last event of any saga of its type.
  package var lastOfType: Timestamp?

  package init(now: Timestamp, saga: SagaView) {
    self.now = now
    self.saga = saga
  }

  var row: SagaRow { saga.row }
  var isActive: Bool { row.status.isActive }

  /// The step that it waits for needs a person's decision.
  var isWaitingForPerson: Bool { row.status == .running && (focus?.waitsForPerson ?? false) }

  /// Start and end of the step in question.
  var focusStart: Timestamp? {
    row.status == .compensating ? row.progressAt : focus?.startedAt ?? (isActive ? row.progressAt : nil)
  }
  var focusEnd: Timestamp? { isActive ? nil : focus?.endedAt ?? row.endedAt }

  /// How long the saga has waited, or the step in question took.
  var waited: Duration {
    guard let start = focusStart else { return max(.zero, (focusEnd ?? now) - row.startedAt) }
    return max(.zero, (focusEnd ?? now) - start)
  }

  /// "payment", or a phrase if there is no step.
  var stepName: String { focus?.name ?? "its next event" }

  func evidence(_ text: String, source: String, readAt: Timestamp?) -> Evidence {
    let isStale = readAt.map { now - $0 > Self.staleAfter } ?? false
    return Evidence(text, source: source, readAt: readAt, isStale: isStale)
  }

  func contradiction(_ text: String, source: String, readAt: Timestamp?) -> Evidence {
    var evidence = evidence(text, source: source, readAt: readAt)
    evidence.weight = .contradicts
    return evidence
  }

  /// Whether the group has read the saga's own message; `nil` if unknown.
  var isInputRead: Bool? {
    guard let input, let partition = group?.partition, let committed = partition.committed,
      partition.topic == input.topic, partition.partition == input.partition
    else { return nil }
    return committed > input.offset
  }
}
