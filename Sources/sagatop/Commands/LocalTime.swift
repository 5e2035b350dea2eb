import Core
import Glibc

/// The operator's clock.
enum LocalTime {
  /// How far local time is ahead of UTC at an instant.
  static func offset(at instant: Timestamp) -> Duration {
    var seconds = time_t(instant.milliseconds / 1000)
    var local = tm()
    localtime_r(&seconds, &local)
    return .seconds(local.tm_gmtoff)
  }
}
