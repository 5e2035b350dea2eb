import Core
import Glibc

/// The environment as it was when the program started.
enum Environment {
  static let all: [String: String] = {
    var result: [String: String] = [:]
    var entry = environ
    while let text = entry.pointee {
      let parts = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2 { result[String(parts[0])] = String(parts[1]) }
      entry += 1
    }
    return result
  }()
}

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
