/// Where a saga stands.
package enum SagaStatus: UInt8, CaseIterable, Sendable {
  case running
  case completed
  case compensating
  case compensated
  /// Compensation failed or was given up, or its work was parked: needs a person.
  case failed
  /// An ordinary end that is neither success nor failure, such as a refusal.
  case declined
  /// Over, and it is not known how. Only inference says so.
  case ended

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
    case .declined: "declined"
    case .ended: "ended"
    }
  }
}
