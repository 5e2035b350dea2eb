import Core
import Glibc

/// Waiting on a thread of one's own.
package enum Sleep {
  private static let longest = Duration.milliseconds(50)

  /// Until the instant, or until `isOver` says so, which is asked a few times a second.
  package static func until(_ instant: ContinuousClock.Instant, _ isOver: () -> Bool) {
    while !isOver() {
      let rest = instant - ContinuousClock.now
      guard rest > .zero else { return }
      usleep(UInt32(clamping: max(1, min(rest, longest).nanosecondsClamped / 1000)))
    }
  }
}
