import Core
import Glibc

/// The environment variables at program start.
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

/// Local time of the operator.
enum LocalTime {
  /// Offset of local time from UTC at `instant`; positive to the east.
  static func offset(at instant: Timestamp) -> Duration {
    var seconds = time_t(instant.milliseconds / 1000)
    var local = tm()
    localtime_r(&seconds, &local)
    return .seconds(local.tm_gmtoff)
  }
}
