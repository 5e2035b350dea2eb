import Core

/// What was done to a subject before, as far as it decides what may be done now.
struct History {
  private let records: [ActionRecord]
  private let all: [ActionRecord]

  /// `records` are all of the subject, the oldest first.
  init(_ records: [ActionRecord], _ action: ActionName, _ context: String) {
    all = records.filter { $0.context == context }
    self.records = all.filter { $0.action == action && $0.outcome.wasSent }
  }

  /// The last time, when nobody knows whether it was done: it is sent again with the same key, so that it is done once at most.
  var repeated: ActionRecord? { records.last.flatMap { $0.outcome.isUnknown ? $0 : nil } }

  var nextAttempt: Int { records.count + 1 }

  var keys: Set<String> { Set(all.map(\.idempotencyKey)) }

  /// This session has sent it, and waits.
  var underWay: String? {
    guard let last = all.last(where: { $0.outcome == .sent }) else { return nil }
    return "\(last.action.rawValue) is under way"
  }

  func warning(now: Timestamp, recent: Duration) -> String? {
    guard let last = all.last(where: { $0.outcome.wasSent }), now - last.updatedAt < recent || repeated != nil else {
      return nil
    }
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

  fileprivate var isUnknown: Bool { if case .unknown = self { true } else { false } }
}
