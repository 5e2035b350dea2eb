/// The lists that sagas stand in, in the order of severity.
enum SagaBucket: UInt8, CaseIterable {
  case failed
  case stuck
  case compensating
  case running
  case compensated
  case completed

  init(_ summary: SagaSummary) {
    self =
      switch summary.status {
      case .failed: .failed
      case .running: summary.flags.contains(.stuck) ? .stuck : .running
      case .compensating: summary.flags.contains(.stuck) ? .stuck : .compensating
      case .compensated: .compensated
      case .completed: .completed
      }
  }

  /// Shown with the one that is longest there first, so that rows that need attention stand still.
  var isOldestFirst: Bool { self != .compensated && self != .completed }
}
