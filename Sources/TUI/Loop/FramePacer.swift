import Core

/// Decides when the next frame is due: at once after a key, soon after data, and every second because ages tick. Pure.
package struct FramePacer: Sendable {
  /// Between two frames that only data asks for.
  package static let dataInterval = Duration.milliseconds(200)
  package static let tickInterval = Duration.seconds(1)

  private var lastFrame: Timestamp?
  private var hasData = false
  private var isUrgent = true

  package init() {}

  package mutating func dataArrived() { hasData = true }

  package mutating func mustDraw() { isUrgent = true }

  package mutating func drew(at now: Timestamp) {
    lastFrame = now
    hasData = false
    isUrgent = false
  }

  /// How long until the next frame is due; zero when it is due now.
  package func wait(at now: Timestamp) -> Duration {
    guard let lastFrame, !isUrgent, now >= lastFrame else { return .zero }
    let interval = hasData ? Self.dataInterval : Self.tickInterval
    return max(.zero, lastFrame + interval - now)
  }
}
