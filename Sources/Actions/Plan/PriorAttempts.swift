import Core
import Text

/// Earlier actions for a subject that affect which action is allowed now.
struct PriorAttempts {
  struct UnderWay: Equatable {
    var message: String
    /// It was accepted and is only being watched: an operator may insist.
    var isWatched: Bool
  }

  private let records: [ActionRecord]
  private let all: [ActionRecord]
  private let now: Timestamp
  private let patience: Duration

  /// `records` are all records of the subject, the oldest first. An intent of another process without an outcome counts as in progress
  /// for `patience`; after that its process is assumed to have ended.
  init(_ records: [ActionRecord], _ action: ActionName, _ context: String, now: Timestamp, patience: Duration) {
    all = records.filter { $0.context == context && $0.outcome.wasSent }
    self.records = all.filter { $0.action == action }
    self.now = now
    self.patience = patience
  }

  /// The last attempt, if it is unknown whether it, or an earlier attempt with the same key, was done. It is sent again with the same
  /// key, so that it is done at most once. A refused attempt (such as a refused connection) proves nothing about an earlier one.
  var repeated: ActionRecord? {
    guard let last = records.last else { return nil }
    let tries = records.filter { $0.idempotencyKey == last.idempotencyKey }
    return tries.contains { $0.outcome.isOpen } && !tries.contains { $0.outcome.isTaken } ? last : nil
  }

  /// The first attempt with the key of `repeated`.
  var firstTry: ActionRecord? {
    repeated.flatMap { last in records.first { $0.idempotencyKey == last.idempotencyKey } }
  }

  /// The last accepted attempt, for actions that are done only once.
  var taken: ActionRecord? { records.last { $0.outcome.isTaken } }

  var nextAttempt: Int { records.count + 1 }

  var keys: Set<String> { Set(all.map(\.idempotencyKey)) }

  /// The existing records. A new id means that another operator acted in the meantime.
  var ids: Set<ActionRecord.ID> { Set(all.map(\.id)) }

  /// An action that this or another session has sent, while it waits for the response or watches the saga.
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
    // Both directions: the clock may have been set back since.
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
  /// It may have been sent.
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
