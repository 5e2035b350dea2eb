/// One time that a lock was held, from its taking to its end.
package struct LockHolding: Sendable, Equatable {
  package enum End: String, Sendable {
    case released
    case expired
    /// Somebody else held it the next time it was looked at.
    case replaced
  }

  /// Empty where only its events are known.
  package var holders: [LockHolder]
  package var since: Timestamp
  /// Else it was taken then or before.
  package var isSinceExact: Bool
  /// `nil` while it is held.
  package var until: Timestamp?
  /// Else it ended then or a little before.
  package var isUntilExact = false
  package var end: End?
  /// How often its time to live was set anew, as far as was seen.
  package var renewals = 0
  /// The most that waited at once.
  package var waiters = 0

  package init(holders: [LockHolder], since: Timestamp, isSinceExact: Bool) {
    self.holders = holders
    self.since = since
    self.isSinceExact = isSinceExact
  }

  package var duration: Duration? { until.map { max(.zero, $0 - since) } }

  func age(at now: Timestamp) -> LockAge { LockAge(max(.zero, (until ?? now) - since), isExact: isSinceExact) }

  /// Whether what was found may still be this holding.
  func goesOn(with found: [LockHolder]) -> Bool {
    if holders.isEmpty || found.isEmpty { return true }
    if holders.allSatisfy(\.isReader), found.allSatisfy(\.isReader) { return true }
    return holders.contains { holder in
      found.contains { $0.isSame(as: holder) && ($0.takenAt == nil || $0.takenAt == holder.takenAt) }
    }
  }
}
