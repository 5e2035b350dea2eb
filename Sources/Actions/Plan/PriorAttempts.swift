import Core
import Text

/// What was done to a subject before, as far as it decides what may be done now.
struct PriorAttempts {
  struct UnderWay: Equatable {
    var message: String
    /// It was accepted and is only watched: an operator may insist.
    var isWatched: Bool
  }

  private let records: [ActionRecord]
  private let all: [ActionRecord]
  private let now: Timestamp
  private let patience: Duration

  /// `records` are all of the subject, the oldest first. An intent of another process that has no outcome is under way for
  /// `patience`; after that its process is taken to have ended.
  init(_ records: [ActionRecord], _ action: ActionName, _ context: String, now: Timestamp, patience: Duration) {
    all = records.filter { $0.context == context && $0.outcome.wasSent }
    self.records = all.filter { $0.action == action }
    self.now = now
    self.patience = patience
  }

  /// The last time, when nobody knows whether it, or one before it with the same key, was done: it is sent again with that key, so that
  /// it is done once at most. A try that was refused, because nothing was there to connect to, says nothing of the one before it.
  var repeated: ActionRecord? {
    guard let last = records.last else { return nil }
    let tries = records.filter { $0.idempotencyKey == last.idempotencyKey }
    return tries.contains { $0.outcome.isOpen } && !tries.contains { $0.outcome.isTaken } ? last : nil
  }

  /// The first time that the key was sent which is to be repeated.
  var firstTry: ActionRecord? {
    repeated.flatMap { last in records.first { $0.idempotencyKey == last.idempotencyKey } }
  }

  /// The last time that it was taken, for what is done once only.
  var taken: ActionRecord? { records.last { $0.outcome.isTaken } }

  var nextAttempt: Int { records.count + 1 }

  var keys: Set<String> { Set(all.map(\.idempotencyKey)) }

  /// The records that exist; a new one means that another operator acted in between.
  var ids: Set<ActionRecord.ID> { Set(all.map(\.id)) }

  /// This session, or another one, has sent it, and waits for the answer or watches the saga.
  var underWay: UnderWay? {
    if let sent = all.last(where: isInFlight) { return .init(message: sentence(sent), isWatched: false) }
    return all.last(where: isWatched).map { .init(message: sentence($0), isWatched: true) }
  }

  private func sentence(_ record: ActionRecord) -> String {
    "\(record.action.rawValue) of \(record.operator.name) is under way"
  }

  private func isInFlight(_ record: ActionRecord) -> Bool {
    switch record.outcome {
    case .sent: true
    // A clock that was set back makes it lie ahead.
    case .intended: now - record.intendedAt < patience && record.intendedAt - now < patience
    default: false
    }
  }

  private func isWatched(_ record: ActionRecord) -> Bool {
    guard case .accepted = record.outcome, let end = record.watchedUntil else { return false }
    return now < end
  }

  func warning(recent: Duration) -> String? {
    guard let last = all.last, now - last.updatedAt < recent || repeated != nil else { return nil }
    let what = "\(last.operator.name) did \(last.action.rawValue) \(Quantity.age(now - last.intendedAt)) ago"
    let outcome = last.outcome.name + (last.outcome.detail.map { " (\($0))" } ?? "")
    return "\(what): \(outcome)"
  }
}

extension ActionOutcome {
  /// It may have left this machine.
  fileprivate var wasSent: Bool {
    switch self {
    case .skipped, .cancelled: false
    default: true
    }
  }

  /// It may have been done: its outcome is unknown.
  fileprivate var isOpen: Bool {
    switch self {
    case .unknown, .intended, .sent: true
    default: false
    }
  }

  fileprivate var isTaken: Bool {
    switch self {
    case .accepted, .observed, .notObserved, .failedAgain: true
    default: false
    }
  }
}
