/// The usual and the recent speed of a step.
package struct StepPace: Sendable, Equatable {
  /// Minimum number of ended sagas for a usual duration.
  private static let evidence = 5
  /// A step is slow if it takes more than this multiple of the usual duration, and longer by at least this margin.
  private static let factor = 3
  private static let margin = Duration.seconds(1)

  /// The median over all retained ended sagas, and their number.
  package var usual: Duration?
  package var count: Int
  /// The median of the latest passages, and their number.
  package var recent: Duration?
  package var recentCount: Int
  /// When a saga last passed the step, according to ended sagas.
  package var lastPassed: Timestamp?
  /// Number of sagas at this step now.
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

  /// Time above the usual duration; `nil` if it is not slow or the usual duration is unknown.
  package func excess(of duration: Duration) -> Duration? {
    guard let usual, count >= Self.evidence else { return nil }
    guard duration > usual * Self.factor, duration > usual + Self.margin else { return nil }
    return duration - usual
  }

  /// The step was slow for the latest sagas too.
  package var isSlowOfLate: Bool {
    guard let recent, recentCount >= 3 else { return false }
    return excess(of: recent) != nil
  }
}
