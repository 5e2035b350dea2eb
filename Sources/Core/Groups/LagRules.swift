import Text

/// How long is waited before a consumer group is judged, and what lag it is allowed.
package struct LagRules: Sendable {
  /// A lag that is not yet trouble. A partition is fine while either bound holds.
  package struct Allowance: Sendable, Equatable {
    package var messages: Int64
    package var age: Duration

    package init(messages: Int64 = 0, age: Duration = .zero) {
      self.messages = messages
      self.age = age
    }
  }

  /// A commit may stand this long while messages wait.
  package var window: Duration
  /// Time between two readings.
  package var interval: Duration
  /// For so long a loss of messages is told after the group has gone on.
  static let lossWindow = Duration.seconds(600)
  /// By pattern of the group's name; the first that matches counts.
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

/// What a consumer group does about its lag, after LinkedIn's Burrow, from good to bad.
package enum LagVerdict: String, Sendable, CaseIterable, Comparable {
  /// It reads, and its lag is allowed or does not grow.
  case ok
  /// It does not read here: it never committed, or no member reads the topic any more.
  case none
  /// Not known, or not yet seen for long enough to judge.
  case unknown
  /// It reads, but its lag grows.
  case warning
  /// Its commit went back.
  case rewound
  /// The log began anew: its end went back.
  case recreated
  /// It has read all that it may: a transaction has been open for too long.
  case blocked
  /// Messages that it had not read were deleted: its commit lies before the log's start, or did lately.
  case truncated
  /// It has members, messages wait, and its commit does not move.
  case stalled
  /// Nothing commits any more while messages wait, and whether it has members is not known or does not matter.
  case stopped
  /// It has no members while messages wait.
  case empty

  package static func < (left: LagVerdict, right: LagVerdict) -> Bool { left.severity < right.severity }

  private var severity: Int { Self.allCases.firstIndex(of: self) ?? 0 }

  /// Needs a person.
  package var isTrouble: Bool { self > .warning }
}

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
