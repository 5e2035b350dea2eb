/// What is counted of one kind of lock.
struct LockStatistics {
  private(set) var acquisitions = RateSeries()
  private(set) var holds = LogHistogram()
  private(set) var ended = 0
  /// Of those, holdings that somebody waited for.
  private(set) var contended = 0
  /// The longest time to live that was seen.
  private(set) var longestTTL: Duration?

  /// `takenAt` is `nil` when nothing was taken, or when it may have been long before it was seen.
  mutating func note(_ change: LockRecord.Change, takenAt: Timestamp?) {
    if let takenAt { acquisitions.add(1, at: takenAt) }
    guard let holding = change.ended, let duration = holding.duration else { return }
    holds.add(duration)
    ended &+= 1
    if holding.waiters > 0 { contended &+= 1 }
  }

  mutating func thin() { holds.trim() }

  mutating func note(ttl: Duration?) {
    guard let ttl else { return }
    longestTTL = max(longestTTL ?? .zero, ttl)
  }
}
