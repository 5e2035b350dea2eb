import Core

/// Decides when the next frame is due: at once after a key, soon after data, and every second because ages tick. Pure.
package struct FramePacer: Sendable {
  /// Between two frames that only data asks for, while little changes in each.
  package static let dataInterval = Duration.milliseconds(200)
  package static let tickInterval = Duration.seconds(1)
  /// What a changed cell may cost, so that a screen full of change sends a terminal far away no more than about 2 KB a second: one
  /// cell takes about four bytes with its share of positions and colours.
  package static let cellInterval = Duration.milliseconds(3)

  private var lastFrame: Timestamp?
  private var hasData = false
  private var isUrgent = true
  private var changedCells = 0

  package init() {}

  package mutating func dataArrived() { hasData = true }

  package mutating func mustDraw() { isUrgent = true }

  /// A frame was drawn that differed in so many cells from the one before.
  package mutating func drew(at now: Timestamp, changedCells: Int) {
    lastFrame = now
    self.changedCells = changedCells
    hasData = false
    isUrgent = false
  }

  /// How long until the next frame is due; zero when it is due now.
  package func wait(at now: Timestamp) -> Duration {
    guard let lastFrame, !isUrgent, now >= lastFrame else { return .zero }
    return max(.zero, lastFrame + (hasData ? pace : Self.tickInterval) - now)
  }

  private var pace: Duration {
    min(Self.tickInterval, max(Self.dataInterval, Self.cellInterval * min(changedCells, 10_000)))
  }
}
