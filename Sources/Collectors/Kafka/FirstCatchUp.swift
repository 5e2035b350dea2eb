import Core

/// Decides when the first reading is complete: when all known messages are read. If that took long, new topics and messages may exist that
/// were not requested yet, so another round looks for them first. Pure.
struct FirstCatchUp {
  enum Verdict: Equatable {
    case goOn
    case lookAgain
    case isWhole
  }

  /// A result that is not older than this counts as current.
  static let freshness = Duration.seconds(5)
  /// If messages arrive faster than they are read, the first reading counts as complete after this time.
  static let patience = Duration.seconds(15)

  /// The first reading is complete. The source is then complete, too, unless messages wait for the schema registry.
  var isDone = false
  /// When the messages that existed at the start had been read.
  private var caughtUpAt: Timestamp?

  /// `lookedAt`: start of the latest round that requested topics and end offsets.
  mutating func judge(_ assignment: Assignment, lookedAt: Timestamp, now: Timestamp) -> Verdict {
    guard assignment.isComplete else { return .goOn }
    let since = caughtUpAt ?? now
    caughtUpAt = since
    if now - since > Self.patience { return .isWhole }
    if assignment.isAnyBehind { return .goOn }
    return now - lookedAt <= Self.freshness ? .isWhole : .lookAgain
  }
}
