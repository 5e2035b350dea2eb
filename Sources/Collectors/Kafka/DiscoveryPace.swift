import Core

/// When the reader looks for new topics and partitions. Pure.
struct DiscoveryPace {
  static let retryInterval = Duration.seconds(2)
  private static let interval = Duration.seconds(3)
  /// Interval after new partitions were found, because others often follow.
  private static let busyInterval = Duration.seconds(2)
  /// The pause after a round, as a multiple of its duration.
  private static let pause = 3
  private static let longestInterval = Duration.seconds(5)

  /// Time of the next round.
  private(set) var next = Timestamp.distantPast

  /// A time that is too far in the future was set before the clock was set back.
  func isDue(at now: Timestamp) -> Bool { now >= next || next - now > Self.longestInterval }

  mutating func lookAtOnce() { next = .distantPast }

  /// Call if no broker responded.
  mutating func failed(at now: Timestamp) { next = now + Self.retryInterval }

  /// Call at the end of a round that began at `start`.
  mutating func finished(_ start: Timestamp, at now: Timestamp, hasNews: Bool) {
    let interval = hasNews ? Self.busyInterval : Self.interval
    next = now + min(max(interval, (now - start) * Self.pause), Self.longestInterval)
  }
}
