import Text

/// The parts of sentences about lag.
enum LagPhrase {
  /// "214 unread, the oldest 4m10s old".
  static func waiting(_ lag: Int64?, _ time: LagTime) -> String {
    guard let lag else { return "how much is unread is not known" }
    guard lag > 0 else { return "nothing unread" }
    let count = "\(Quantity.grouped(Int(lag))) unread"
    guard let age = time.age else { return count }
    return "\(count), the oldest \(time.quality == .atLeast ? "at least " : "")\(Quantity.age(age)) old"
  }
}
