import Core

/// Decides when the first reading is whole: when all that was found is read. Where that took long, topics have appeared and events have
/// come meanwhile that nobody has asked for, and another round finds them first. Pure.
struct FirstCatchUp {
  enum Verdict: Equatable {
    case goOn
    case lookAgain
    case isWhole
  }

  /// What was asked for so long ago is still what is there.
  static let freshness = Duration.seconds(5)
  /// Where more keeps coming than can be read, the first reading is whole all the same after so long.
  static let patience = Duration.seconds(15)

  /// When what was found at the start had been read.
  private var caughtUpAt: Timestamp?

  /// `lookedAt` is when the round began that found the newest of what there is to read.
  mutating func judge(_ assignment: Assignment, lookedAt: Timestamp, now: Timestamp) -> Verdict {
    guard assignment.isComplete else { return .goOn }
    let since = caughtUpAt ?? now
    caughtUpAt = since
    if now - since > Self.patience { return .isWhole }
    if assignment.isAnyBehind { return .goOn }
    return now - lookedAt <= Self.freshness ? .isWhole : .lookAgain
  }
}
