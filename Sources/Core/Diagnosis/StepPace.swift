/// How fast a step goes: usually, and of late.
package struct StepPace: Sendable, Equatable {
  /// Fewer ended sagas say nothing of what is usual.
  private static let evidence = 5
  /// A step is slow when it takes so many times what is usual, and so much more at least.
  private static let factor = 3
  private static let margin = Duration.seconds(1)

  /// The median over all retained sagas that ended, and how many those are.
  package var usual: Duration?
  package var count: Int
  /// The median of the last few, and how many those are.
  package var recent: Duration?
  package var recentCount: Int
  /// When a saga last passed the step, as far as ended sagas tell.
  package var lastPassed: Timestamp?
  /// How many sagas are at this step now.
  package var waiting: Int

  package init(
    usual: Duration? = nil, count: Int = 0, recent: Duration? = nil, recentCount: Int = 0,
    lastPassed: Timestamp? = nil, waiting: Int = 0
  ) {
    self.usual = usual
    self.count = count
    self.recent = recent
    self.recentCount = recentCount
    self.lastPassed = lastPassed
    self.waiting = waiting
  }

  /// How much longer than usual; `nil` when it is not slow, or when nobody knows what is usual.
  package func excess(of duration: Duration) -> Duration? {
    guard let usual, count >= Self.evidence else { return nil }
    guard duration > usual * Self.factor, duration > usual + Self.margin else { return nil }
    return duration - usual
  }

  /// The last few sagas were slow at it too.
  package var isSlowOfLate: Bool {
    guard let recent, recentCount >= 3 else { return false }
    return excess(of: recent) != nil
  }
}
