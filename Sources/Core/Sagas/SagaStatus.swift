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

/// Where a step of a saga stands.
package enum StepStatus: String, CaseIterable, Sendable {
  case pending
  case running
  case completed
  case failed
  /// Completed, and its undoing is awaited.
  case compensating
  case compensated
  case compensationFailed
  case skipped
}

/// What is said of a saga beside its status.
package struct SagaFlags: OptionSet, Hashable, Sendable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// Active, and no progress for longer than its step's deadline.
  package static let stuck = SagaFlags(rawValue: 1)
  /// Its beginning lies before what was read.
  package static let incomplete = SagaFlags(rawValue: 2)
  /// Contradicting terminal events.
  package static let inconsistent = SagaFlags(rawValue: 4)

  /// The words on the screen and in JSON, in a fixed order.
  package var names: [String] {
    [(SagaFlags.stuck, "stuck"), (.incomplete, "incomplete"), (.inconsistent, "inconsistent")]
      .compactMap { contains($0.0) ? $0.1 : nil }
  }
}
