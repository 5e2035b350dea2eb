import Glibc

/// The monotonic and the wall clock.
enum Clock {
  /// Monotonic time in nanoseconds, from an arbitrary start.
  static func monotonic() -> UInt64 { nanoseconds(CLOCK_MONOTONIC) }

  /// Milliseconds since 1970.
  static func epochMilliseconds() -> Int64 { Int64(nanoseconds(CLOCK_REALTIME) / 1_000_000) }

  /// A time in milliseconds since 1970 as ISO 8601 in UTC: `2026-01-27T10:00:00.000Z`.
  static func text(_ milliseconds: Int64) -> String {
    var seconds = time_t(milliseconds / 1000)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    var buffer = [CChar](repeating: 0, count: 32)
    let length = strftime(&buffer, buffer.count, "%Y-%m-%dT%H:%M:%S", &parts)
    let fraction = String(1000 + milliseconds % 1000).dropFirst()
    return String(decoding: buffer.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self) + ".\(fraction)Z"
  }

  private static func nanoseconds(_ clock: clockid_t) -> UInt64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}
