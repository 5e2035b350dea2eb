import Text

/// The parts of sentences about lag.
enum LagPhrase {
  /// "214 unread, the oldest 4m10s old".
  static func waiting(_ lag: Known<Int64>, _ time: LagTime) -> String {
    guard let count = lag.value else { return "how much is unread is not known" }
    guard count > 0 else { return "nothing unread" }
    let unread = "\(bound(lag.quality))\(Quantity.grouped(Int(count))) unread"
    guard let age = time.age else { return unread }
    return "\(unread), the oldest \(bound(time.quality))\(Quantity.age(age)) old"
  }

  private static func bound(_ quality: Quality) -> String {
    switch quality {
    case .atLeast: "at least "
    case .atMost: "at most "
    case .exact, .interpolated, .unknown: ""
    }
  }
}
