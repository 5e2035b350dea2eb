/// Everything that is known around one saga at one instant: what the rules of a diagnosis look at.
package struct Situation: Sendable {
  /// A consumer group that must read before the saga goes on.
  package struct Group: Sendable {
    package var row: GroupRow
    /// The partition in which the saga's own message lies, where that is known.
    package var partition: GroupPartitionRow?
    /// What the group does in its other partitions.
    package var others: Others
    package var readAt: Timestamp

    package enum Others: Sendable {
      /// It reads in one of them at least.
      case move
      /// It reads in none, although messages wait in one.
      case stand
      /// It has no others, or nothing waits there.
      case none
    }

    package init(row: GroupRow, partition: GroupPartitionRow? = nil, others: Others = .none, readAt: Timestamp) {
      self.row = row
      self.partition = partition
      self.others = others
      self.readAt = readAt
    }
  }

  /// A message that could not be read as an event.
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

  /// A step that is done and took much longer than it usually does.
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

  /// A failure that recurs.
  package struct Failure: Sendable {
    package var pattern: String
    package var count: Int
    package var sagas: Int
    package var lastAt: Timestamp
    /// Per second, over the last minute.
    package var rate: Double?
    /// The saga itself has it.
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

  /// The saga whose message the group does not get past, where the saga's own lies behind it.
  package struct Head: Sendable {
    package var id: String
    package var type: String
    /// "order-created/2@89".
    package var place: String
    package var locks: [LockRow]
  }

  /// A look that is older says little of now.
  static let staleAfter = Duration.seconds(15)

  package var now: Timestamp
  package var saga: SagaView
  package var coordination = SagaDefinition.Coordination.choreography
  package var trouble = SagaCondition.waiting
  /// The step in question: waited for, failed, being undone, or slower than it should have been.
  package var focus: StepView?
  package var pace = StepPace()
  package var slowSteps: [SlowStep] = []
  /// The saga's message that hands the step in question its work.
  package var input: EventRow?
  /// The service that does the step in question; `nil` where it is not watched.
  package var service: ServiceRow?
  /// Circuits of other services that are named after that service.
  package var callers: [ServiceRow] = []
  package var nodes: [NodeHealth] = []
  package var group: Group?
  /// Those that have been open for too long, and whether what the saga waits for may lie behind one.
  package var transactions: [OpenTransaction] = []
  /// Locks whose keys name the saga, or what it works on.
  package var locks: [LockRow] = []
  package var head: Head?
  /// Versions that changed shortly before the saga began to wait.
  package var deployments: [Change] = []
  /// Of the saga, as far as a trace store was asked for them; `nil` where it has none.
  package var traces: SagaTraces?
  /// The pods of the service that does the step in question; `nil` where none is known.
  package var pods: ServicePods?
  /// Of a saga that runs as a job: the pods that one of its ids names; `nil` where there is none.
  package var job: ServicePods?
  /// Names of the services that are watched.
  package var watched: Set<String> = []
  package var sources: [SourceStatus] = []
  /// In the partition where the saga's message lies, or with one of its ids as the key.
  package var unreadable: [Unreadable] = []
  /// Its own failures, and without any the one that is most frequent at the step in question.
  package var failures: [Failure] = []
  /// Copies of its events that were recognised by their ids.
  package var copies = 0
  /// Events that carry the id of an event of another type.
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

  /// Only a person can do the step that it waits for.
  var isWaitingForPerson: Bool { row.status == .running && (focus?.waitsForPerson ?? false) }

  /// When the step in question had its work, and when it was done with it.
  var focusStart: Timestamp? {
    row.status == .compensating ? row.progressAt : focus?.startedAt ?? (isActive ? row.progressAt : nil)
  }
  var focusEnd: Timestamp? { isActive ? nil : focus?.endedAt ?? row.endedAt }

  /// How long the saga waits, or the step in question took.
  var waited: Duration {
    guard let start = focusStart else { return max(.zero, (focusEnd ?? now) - row.startedAt) }
    return max(.zero, (focusEnd ?? now) - start)
  }

  /// "payment", or what an unnamed step is called.
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

  /// Whether the group has read past the saga's own message; `nil` where that is not known.
  var isInputRead: Bool? {
    guard let input, let partition = group?.partition, let committed = partition.committed,
      partition.topic == input.topic, partition.partition == input.partition
    else { return nil }
    return committed > input.offset
  }
}
