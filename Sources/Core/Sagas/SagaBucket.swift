/// The lists that sagas stand in, in the order of severity.
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

  /// Sagas that nobody has to do anything about.
  static let settled: [SagaBucket] = [.completed, .declined, .compensated, .ended]

  /// Shown with the one that is longest there first, so that rows that need attention stand still.
  var isOldestFirst: Bool { !Self.settled.contains(self) }
}
