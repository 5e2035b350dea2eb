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

/// Starts with the time of the machine's clock and is not affected when that clock is set. Used for timeouts.
package enum SteadyClock {
  private static let start = (time: SystemClock.now(), instant: ContinuousClock.now)

  @Sendable package static func now() -> Timestamp { start.time + (ContinuousClock.now - start.instant) }
}
