/// What a monitor makes of a check; the raw value is its exit code.
package enum CheckState: Int32, Sendable, CaseIterable {
  case ok = 0
  case warning = 1
  case critical = 2
  case unknown = 3

  /// The word in JSON.
  package var name: String {
    switch self {
    case .ok: "ok"
    case .warning: "warning"
    case .critical: "critical"
    case .unknown: "unknown"
    }
  }

  /// What several come to together: what is known to be bad outweighs what is not known.
  package static func worst(_ states: [CheckState]) -> CheckState {
    for state in [CheckState.critical, .warning, .unknown] where states.contains(state) { return state }
    return .ok
  }
}
