import Core
import Glibc

/// The machine's clock.
package enum SystemClock {
  @Sendable package static func now() -> Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
  }
}

/// Begins as the machine's clock and goes on evenly, however that is set: what a command waits until is told by this one.
package enum SteadyClock {
  private static let start = (time: SystemClock.now(), instant: ContinuousClock.now)

  @Sendable package static func now() -> Timestamp { start.time + (ContinuousClock.now - start.instant) }
}
