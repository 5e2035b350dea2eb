import Text

/// How old the oldest unread message is.
package struct LagTime: Sendable, Equatable {
  /// Zero when nothing is unread.
  package var known: Known<Duration>
  /// How far the message's timestamp lies in our future, where the clocks differ.
  package var drift: Duration?

  package init(_ known: Known<Duration>, drift: Duration? = nil) {
    self.known = known
    self.drift = drift
  }

  package init(_ age: Duration?, _ quality: Quality, drift: Duration? = nil) {
    self.init(Known(age, quality), drift: drift)
  }

  /// Never negative; `nil` when unknown.
  package var age: Duration? { known.value }
  package var quality: Quality { known.quality }

  package static let unknown = LagTime(nil)
  package static let zero = LagTime(.exact(.zero))

  /// Messages that wait grow older while nobody looks.
  func later(by time: Duration) -> LagTime {
    guard age ?? .zero > .zero else { return self }
    return LagTime(known.mapped { $0 + max(.zero, time) }, drift: drift)
  }
}

/// How long until a lag is worked off at the present rates.
package enum DrainTime: Sendable, Equatable {
  case unknown
  /// Nothing waits.
  case nothing
  case after(Duration)
  /// More arrives than is read.
  case notDraining
}

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

  /// "a transaction is open for 14m in payment-events/2, 1,463 messages wait behind it".
  static func transaction(_ age: Known<Duration>, in place: String? = nil, waiting: Int64) -> String {
    let long = age.last.map { " for \(bound(age.quality))\(Quantity.age($0))" } ?? ""
    let place = place.map { " in \($0)" } ?? ""
    return "a transaction is open\(long)\(place), \(messages(waiting)) behind it"
  }

  /// "1,463 messages wait".
  static func messages(_ count: Int64) -> String {
    count == 1 ? "1 message waits" : "\(Quantity.grouped(Int(count))) messages wait"
  }

  private static func bound(_ quality: Quality) -> String {
    switch quality {
    case .atLeast: "at least "
    case .atMost: "at most "
    case .exact, .interpolated, .unknown: ""
    }
  }
}
