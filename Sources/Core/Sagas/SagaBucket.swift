/// The lists of sagas, in order of severity.
enum SagaBucket: UInt8, CaseIterable {
  case failed
  case stuck
  case compensating
  case running
  case ended
  case compensated
  case declined
  case completed

  init(_ summary: SagaSummary) {
    self =
      switch summary.status {
      case .failed: .failed
      case .running: summary.flags.contains(.stuck) ? .stuck : .running
      case .compensating: summary.flags.contains(.stuck) ? .stuck : .compensating
      case .ended: .ended
      case .compensated: .compensated
      case .declined: .declined
      case .completed: .completed
      }
  }

  /// Sagas that need no action.
  static let settled: [SagaBucket] = [.completed, .declined, .compensated, .ended]

  /// Shown with the oldest entry first, so that rows that need attention do not move.
  var isOldestFirst: Bool { !Self.settled.contains(self) }
}
