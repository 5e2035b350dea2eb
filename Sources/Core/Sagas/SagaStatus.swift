/// Where a saga stands.
package enum SagaStatus: UInt8, CaseIterable, Sendable {
  case running
  case completed
  case compensating
  case compensated
  /// Compensation failed or was given up: needs a person.
  case failed

  /// Work on it is still expected.
  package var isActive: Bool { self == .running || self == .compensating }

  /// The word on the screen, in JSON and in filters.
  package var name: String {
    switch self {
    case .running: "running"
    case .completed: "completed"
    case .compensating: "compensating"
    case .compensated: "compensated"
    case .failed: "failed"
    }
  }
}
