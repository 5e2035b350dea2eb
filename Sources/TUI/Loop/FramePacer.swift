import Core

/// Decides when the next frame is due: at once after a key, soon after new data, and every second to update ages. Pure.
package struct FramePacer: Sendable {
  /// Minimum time between two frames that only new data requires, if few cells change.
  package static let dataInterval = Duration.milliseconds(200)
  package static let tickInterval = Duration.seconds(1)
  /// Time per changed cell. It limits a fully changing screen to about 2 KB per second on a slow link: one cell takes about four bytes,
  /// with its share of cursor positions and colours.
  package static let cellInterval = Duration.milliseconds(3)

  private var lastFrame: Timestamp?
  private var hasData = false
  private var isUrgent = true
  private var changedCells = 0

  package init() {}

  package mutating func dataArrived() { hasData = true }

  package mutating func mustDraw() { isUrgent = true }

  /// Call after a frame was drawn. `changedCells`: number of cells that differ from the previous frame.
  package mutating func drew(at now: Timestamp, changedCells: Int) {
    lastFrame = now
    self.changedCells = changedCells
    hasData = false
    isUrgent = false
  }

  /// Time until the next frame is due; zero if it is due now.
  package func wait(at now: Timestamp) -> Duration {
    guard let lastFrame, !isUrgent, now >= lastFrame else { return .zero }
    return max(.zero, lastFrame + (hasData ? pace : Self.tickInterval) - now)
  }

  private var pace: Duration {
    min(Self.tickInterval, max(Self.dataInterval, Self.cellInterval * min(changedCells, 10_000)))
  }
}
