import Text

/// One number that is read off the watched system: what checks and conditions are about, such as `stuck` or
/// `lag[group=payment-service]`.
package struct Measure: Sendable {
  /// What is measured; the raw value is how it is written.
  package enum Kind: String, CaseIterable, Sendable {
    /// Sagas in this state, now.
    case running, compensating, active, stuck, failed
    /// Messages that could not be read as events.
    case undecoded
    /// Per cent of the ended sagas that completed, and that were rolled back or failed.
    case completionRate = "completion-rate"
    case compensationRate = "compensation-rate"
    /// How long the oldest roll-back that has not ended is under way.
    case oldestCompensation = "oldest-compensation"
    /// Unread messages of the group that has most, and the age of the oldest unread one.
    case lag
    case lagTime = "lag-time"
    /// How long the oldest lock is held.
    case lockAge = "lock-age"
    /// Services that are not up.
    case service
    /// How the whole is: 0 well, 1 warning, 2 critical.
    case health
  }

  package enum Unit: String, Sendable {
    case count = ""
    case seconds = "s"
    case percent = "%"
  }

  package var kind: Kind
  /// Which of them are meant; `nil` means all.
  package var selector: NamePattern?

  package init(_ kind: Kind, selector: NamePattern? = nil) {
    self.kind = kind
    self.selector = selector
  }

  /// As it is written: `lag[group=payment-service]`.
  package var text: String {
    kind.rawValue + (selector.map { "[\(kind.selectorName)=\($0.text)]" } ?? "")
  }

  package var unit: Unit {
    switch kind {
    case .completionRate, .compensationRate: .percent
    case .oldestCompensation, .lagTime, .lockAge: .seconds
    case .running, .compensating, .active, .stuck, .failed, .undecoded, .lag, .service, .health: .count
    }
  }

  func means(_ name: String) -> Bool { selector?.matches(name) ?? true }
}

extension Measure.Kind {
  /// What is known of it, and so what has to be read.
  package enum Subject: Sendable {
    case sagas, groups, locks, services
    /// All of these.
    case everything
  }

  package var subject: Subject {
    switch self {
    case .lag, .lagTime: .groups
    case .lockAge: .locks
    case .service: .services
    case .health: .everything
    case .running, .compensating, .active, .stuck, .failed, .undecoded, .completionRate, .compensationRate,
      .oldestCompensation:
      .sagas
    }
  }

  /// The word before `=` between the brackets.
  package var selectorName: String {
    switch subject {
    case .sagas: "type"
    case .groups: "group"
    case .locks: "key"
    case .services: "name"
    case .everything: ""
    }
  }

  /// What was not read can only add to it. Of the others it may also take away: a saga that runs may have ended since.
  var canOnlyGrow: Bool {
    switch self {
    case .stuck, .failed, .undecoded, .lag, .lagTime, .lockAge, .service: true
    case .running, .compensating, .active, .completionRate, .compensationRate, .oldestCompensation, .health: false
    }
  }

  /// A small number is the bad one.
  package var isFalling: Bool { self == .completionRate }

  /// From which value on it is a warning, and critical, where the operator does not say.
  package var usualThresholds: (warning: Double, critical: Double) {
    switch self {
    case .stuck, .failed: (1, 5)
    case .running, .compensating, .active: (100, 1000)
    case .undecoded: (1, 100)
    case .completionRate: (99, 95)
    case .compensationRate: (5, 20)
    case .oldestCompensation, .lagTime: (60, 300)
    case .lag: (1000, 10_000)
    case .lockAge: (60, 600)
    case .service, .health: (1, 2)
    }
  }
}
