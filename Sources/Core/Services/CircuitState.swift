/// What a circuit breaker does with calls.
package enum CircuitState: String, Sendable, CaseIterable {
  /// Lets them through.
  case closed
  /// Does not protect: disabled, or only measuring.
  case disabled
  /// Lets a few through to try.
  case halfOpen
  /// Refuses them.
  case open
  /// Refuses them because a person said so.
  case forcedOpen

  /// As libraries spell it: `HALF_OPEN`, `half_open`, `half-open`, `halfOpen`. `nil` for any other word.
  package init?(word: String) {
    guard word.utf8.count <= 16 else { return nil }
    switch word.lowercased().filter({ $0 != "_" && $0 != "-" && $0 != " " }) {
    case "closed": self = .closed
    case "open", "opened": self = .open
    case "halfopen", "halfopened": self = .halfOpen
    case "forcedopen": self = .forcedOpen
    case "disabled", "metricsonly": self = .disabled
    default: return nil
    }
  }

  /// Calls do not all get through.
  package var isTrouble: Bool { self == .open || self == .forcedOpen || self == .halfOpen }

  /// As part of a sentence.
  package var phrase: String {
    switch self {
    case .closed: "closed"
    case .disabled: "disabled"
    case .halfOpen: "half open"
    case .open: "open"
    case .forcedOpen: "forced open"
    }
  }
}
