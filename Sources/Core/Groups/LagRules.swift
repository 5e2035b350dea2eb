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
