import Text

/// The time limits for judging a consumer group, and the lag it is allowed.
package struct LagRules: Sendable {
  /// A lag that is not yet trouble. A partition is fine while it is within either limit.
  package struct Allowance: Sendable, Equatable {
    package var messages: Int64
    package var age: Duration

    package init(messages: Int64 = 0, age: Duration = .zero) {
      self.messages = messages
      self.age = age
    }
  }

  /// How long a commit may be unchanged while messages wait.
  package var window: Duration
  /// Time between two samples.
  package var interval: Duration
  /// How long a loss of messages is reported after the group has continued.
  static let lossWindow = Duration.seconds(600)
  /// By pattern of the group's name; the first match is used.
  package var allowances: [(pattern: NamePattern, allowance: Allowance)]

  package init(
    window: Duration = .seconds(30), interval: Duration = .seconds(2),
    allowances: [(pattern: NamePattern, allowance: Allowance)] = []
  ) {
    self.window = window
    self.interval = interval
    self.allowances = allowances
  }

  func allowance(of group: String) -> Allowance {
    allowances.first { $0.pattern.matches(group) }?.allowance ?? Allowance()
  }
}

/// The verdict on a consumer group's lag, based on LinkedIn's Burrow, from good to bad.
package enum LagVerdict: String, Sendable, CaseIterable, Comparable {
  /// It reads, and its lag is allowed or does not grow.
  case ok
  /// It does not read here: it never committed, or no member reads the topic any more.
  case none
  /// Unknown, or not observed long enough to judge.
  case unknown
  /// It reads, but its lag grows.
  case warning
  /// Its commit moved backwards.
  case rewound
  /// The log was recreated: its end moved backwards.
  case recreated
  /// It has read all readable messages; a transaction has been open for too long.
  case blocked
  /// Unread messages were deleted: its commit is before the log start, or was recently.
  case truncated
  /// It has members and unread messages, but its commit does not move.
  case stalled
  /// Messages wait and its commit does not move; whether it has members is unknown or irrelevant.
  case stopped
  /// It has no members and messages wait.
  case empty

  package static func < (left: LagVerdict, right: LagVerdict) -> Bool { left.severity < right.severity }

  private var severity: Int { Self.allCases.firstIndex(of: self) ?? 0 }

  /// A person must act.
  package var isTrouble: Bool { self > .warning }
}

/// Age of the oldest unread message.
package struct LagTime: Sendable, Equatable {
  /// Zero if there are no unread messages.
  package var known: Known<Duration>
  /// How far the message's timestamp is in the future, if the clocks differ.
  package var drift: Duration?

  package init(_ known: Known<Duration>, drift: Duration? = nil) {
    self.known = known
    self.drift = drift
  }

  package init(_ age: Duration?, _ quality: Quality, drift: Duration? = nil) {
    self.init(Known(age, quality), drift: drift)
  }

  /// Never negative; `nil` if unknown.
  package var age: Duration? { known.value }
  package var quality: Quality { known.quality }

  package static let unknown = LagTime(nil)
  package static let zero = LagTime(.exact(.zero))
}

/// Time until the lag is zero at the current rates.
package enum DrainTime: Sendable, Equatable {
  case unknown
  /// There is no lag.
  case nothing
  case after(Duration)
  /// More messages arrive than are read.
  case notDraining
}

/// Parts of sentences about lag.
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
