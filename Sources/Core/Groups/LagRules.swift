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
