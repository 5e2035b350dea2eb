/// The status of a saga.
package enum SagaStatus: UInt8, CaseIterable, Sendable {
  case running
  case completed
  case compensating
  case compensated
  /// The compensation failed or was given up, or a message was parked: a person must act.
  case failed
  /// An ordinary end that is neither success nor failure, such as a refusal.
  case declined
  /// Ended with an unknown outcome. Set by inference only.
  case ended

  /// More work on it is expected.
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

/// The status of a step of a saga.
package enum StepStatus: String, CaseIterable, Sendable {
  case pending
  case running
  case completed
  case failed
  /// Completed, and its compensation is pending.
  case compensating
  case compensated
  case compensationFailed
  case skipped
}

/// Additional properties of a saga's status.
package struct SagaFlags: OptionSet, Hashable, Sendable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// Active, and without progress for longer than its step's deadline.
  package static let stuck = SagaFlags(rawValue: 1)
  /// It started before the first event that was read.
  package static let incomplete = SagaFlags(rawValue: 2)
  /// Contradicting terminal events.
  package static let inconsistent = SagaFlags(rawValue: 4)

  /// The words on the screen and in JSON, in a fixed order.
  package var names: [String] {
    [(SagaFlags.stuck, "stuck"), (.incomplete, "incomplete"), (.inconsistent, "inconsistent")]
      .compactMap { contains($0.0) ? $0.1 : nil }
  }
}
