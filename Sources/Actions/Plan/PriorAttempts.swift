import Core
import Text

/// What was done to a subject before, as far as it decides what may be done now.
struct PriorAttempts {
  private let records: [ActionRecord]
  private let all: [ActionRecord]
  private let now: Timestamp
  private let patience: Duration
  private let again: Bool

  /// `records` are all of the subject, the oldest first. An intent of another process that has no outcome is under way for
  /// `patience`; after that its process is taken to have ended.
  init(
    _ records: [ActionRecord], _ action: ActionName, _ context: String, now: Timestamp, patience: Duration,
    again: Bool = false
  ) {
    all = records.filter { $0.context == context && $0.outcome.wasSent }
    self.records = all.filter { $0.action == action }
    self.now = now
    self.patience = patience
    self.again = again
  }

  /// The last time, when nobody knows whether it, or one before it with the same key, was done: it is sent again with that key, so that
  /// it is done once at most. A try that was refused, because nothing was there to connect to, says nothing of the one before it.
  var repeated: ActionRecord? {
    guard let last = records.last else { return nil }
    let tries = records.filter { $0.idempotencyKey == last.idempotencyKey }
    return tries.contains { $0.outcome.isOpen } && !tries.contains { $0.outcome.isTaken } ? last : nil
  }

  var nextAttempt: Int { records.count + 1 }

  var keys: Set<String> { Set(all.map(\.idempotencyKey)) }

  /// Which records there are; another one means that somebody acted in between.
  var ids: Set<ActionRecord.ID> { Set(all.map(\.id)) }

  /// This session, or another one, has sent it, and waits for the answer or watches the saga.
  var underWay: String? {
    guard let last = all.last(where: isUnderWay) else { return nil }
    return "\(last.action.rawValue) of \(last.operator.name) is under way"
  }

  private func isUnderWay(_ record: ActionRecord) -> Bool {
    switch record.outcome {
    case .sent: true
    // A clock that was set back makes it lie ahead.
    case .intended: now - record.intendedAt < patience && record.intendedAt - now < patience
    case .accepted: !again && (record.watchedUntil.map { now < $0 } ?? false)
    default: false
    }
  }

  func warning(recent: Duration) -> String? {
    guard let last = all.last, now - last.updatedAt < recent || repeated != nil else { return nil }
    let what = "\(last.operator.name) did \(last.action.rawValue) \(Quantity.age(now - last.intendedAt)) ago"
    let outcome = last.outcome.name + (last.outcome.detail.map { " (\($0))" } ?? "")
    return "\(what): \(outcome)" + (repeated == nil ? "" : "; it is sent again with the same key")
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

  /// It may have been done, and nobody knows.
  fileprivate var isOpen: Bool {
    switch self {
    case .unknown, .intended, .sent: true
    default: false
    }
  }

  fileprivate var isTaken: Bool {
    switch self {
    case .accepted, .observed, .notObserved: true
    default: false
    }
  }
}
