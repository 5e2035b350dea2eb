/// The known actions: this session's, and other operators' from the audit log. Stores the latest `capacity` actions.
struct ActionState {
  private static let capacity = 10_000
  private static let longestHistory = 8

  private var records: [ActionRecord.ID: ActionRecord] = [:]
  /// In the order in which they became known, which is the order of the log; clocks may jump.
  private var order: [ActionRecord.ID] = []
  private var places: [ActionRecord.ID: Int] = [:]
  /// Number of actions ever known.
  private var known = 0
  private var byIntent: [String: [ActionRecord.ID]] = [:]
  private var bySubject: [Subject: [ActionRecord.ID]] = [:]
  /// The problem of the audit log; `nil` if none.
  var problem: String?
  /// Contexts may share one audit log, and the same id means different subjects in them.
  let context: String

  init(context: String) {
    self.context = context
  }

  private struct Subject: Hashable {
    var type: String
    var id: String

    /// Compares bytes, like the ids of sagas.
    static func == (left: Subject, right: Subject) -> Bool {
      left.type.utf8.elementsEqual(right.type.utf8) && left.id.utf8.elementsEqual(right.id.utf8)
    }
  }

  /// A record with more progress replaces the known one. Clocks may be set back, so the rank of the outcome decides first, then the time.
  mutating func fold(_ record: ActionRecord) {
    var record = record
    if record.stages.count > Self.longestHistory { record.stages.removeSubrange(1..<(record.stages.count - 6)) }
    if let known = records[record.id] {
      guard record.standing >= known.standing else { return }
      records[record.id] = record
      return
    }
    records[record.id] = record
    order.append(record.id)
    byIntent[record.intent, default: []].append(record.id)
    places[record.id] = known
    known += 1
    bySubject[Subject(type: record.type, id: record.subject), default: []].append(record.id)
    if order.count > Self.capacity { forget(order.removeFirst()) }
  }

  var isEmpty: Bool { order.isEmpty }

  private mutating func forget(_ id: ActionRecord.ID) {
    records[id] = nil
    places[id] = nil
    byIntent[id.intent]?.removeAll { $0 == id }
    if byIntent[id.intent]?.isEmpty == true { byIntent[id.intent] = nil }
    let subject = Subject(type: id.type, id: id.subject)
    bySubject[subject]?.removeAll { $0 == id }
    if bySubject[subject]?.isEmpty == true { bySubject[subject] = nil }
  }

  /// The actions in this context on a saga with these ids, oldest first.
  func records(type: String, ids: [String]) -> [ActionRecord] {
    ids.flatMap { bySubject[Subject(type: type, id: $0)] ?? [] }.compactMap { records[$0] }
      .filter { $0.context == context }
      .sorted { places[$0.id] ?? 0 < places[$1.id] ?? 0 }
  }

  /// Newest first.
  var latest: [ActionRecord] { order.reversed().compactMap { records[$0] } }

  func records(of intent: String) -> [ActionRecord] { byIntent[intent]?.compactMap { records[$0] } ?? [] }
}

extension ActionRecord {
  /// The log has no stage `sent`; this makes this session's own state comparable with the record read from the log.
  fileprivate var standing: (Int, Timestamp, Int) { (outcome.rank, updatedAt, stages.count) }
}

/// Finds the action that triggered a roll-back.
extension ActionState {
  /// Maximum clock difference between operators and the watched system.
  private static let clockTolerance = Duration.seconds(2)

  /// The last compensate request that was sent while the saga ran; `nil` if there is none.
  func compensation(of saga: Saga, type: String) -> ActionRecord? {
    guard !isEmpty, let rollBack = saga.rollBack else { return nil }
    let first = saga.summary.startedAt - Self.clockTolerance
    let last = rollBack.startedAt + Self.clockTolerance
    return records(type: type, ids: saga.keys.map(\.value)).last { record in
      record.action == .compensate && record.outcome.mayHaveLeft
        && (first...max(first, last)).contains(record.intendedAt)
    }
  }
}

extension ActionOutcome {
  /// The receiver may have accepted it.
  fileprivate var mayHaveLeft: Bool {
    switch self {
    case .refused, .skipped, .cancelled: false
    case .intended, .sent, .accepted, .unknown, .observed, .notObserved, .failedAgain: true
    }
  }
}

/// Operators' actions, for screens, reports and the action gate.
extension Store {
  package func accept(_ actions: [ActionRecord]) {
    fold { state in
      for action in actions { state.actions.fold(action) }
    }
  }

  /// Sets the problem of the audit log; `nil` clears it.
  package func note(auditProblem: String?) {
    fold { $0.actions.problem = auditProblem }
  }

  package func actions(_ query: ActionQuery, now: Timestamp) -> ActionList {
    let (all, problem) = read { ($0.actions.latest, $0.actions.problem) }
    var list = ActionList(query.window(of: all, now: now), problem: problem)
    for record in all { list.counts[record.outcome.name, default: 0] += 1 }
    return list
  }

  /// All records of one intent, in the order in which they were intended.
  package func actions(of intent: String) -> [ActionRecord] {
    past?.live.actions(of: intent) ?? read { $0.actions.records(of: intent) }
  }

  /// The actions on a subject, oldest first.
  package func actions(on subject: String, type: String) -> [ActionRecord] {
    read { $0.actions.records(type: type, ids: [subject]) }
  }

  /// The progress of a saga, without deriving its state; `nil` if it was dropped or merged into another.
  package func version(of handle: SagaHandle) -> ActionPlan.Version? { versions(of: [handle])[0] }

  /// The versions of several sagas, read at one moment.
  package func versions(of handles: [SagaHandle]) -> [ActionPlan.Version?] {
    read { state in
      handles.map { handle in
        state.sagas[handle].map {
          .init(events: $0.events.count + $0.droppedEvents, updatedAt: $0.summary.updatedAt)
        }
      }
    }
  }

  /// The text of one of the latest messages; `nil` if it is no longer stored.
  package func message(topic: String, partition: Int32, offset: Int64) -> Message? {
    read { state in
      var found: MessageRef?
      state.recent.walk { entry in
        let origin = entry.record.origin
        guard found == nil, origin.offset == offset, origin.partition == partition,
          state.symbols.text(origin.topic) == topic
        else { return }
        found = entry.record.message
      }
      return found.flatMap { state.messages.message($0) }
    }
  }
}
