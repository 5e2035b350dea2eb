/// Why a saga needs an explanation, worst first.
package enum SagaCondition: String, CaseIterable, Sendable {
  /// Its roll-back failed: a person must act.
  case failed
  case stuck
  case compensating
  /// Its events contradict each other.
  case inconsistent
  case compensated
  /// A step takes, or took, much longer than usual.
  case slow
  /// It is running and not late.
  case waiting
  /// It completed in its usual time, or had another ordinary end.
  case none

  /// A cause must be given. If `false`, a cause is given only if one is known.
  package var needsCause: Bool { self != .waiting && self != .none }

  init(_ row: SagaRow, isSlow: Bool) {
    switch row.status {
    case .failed: self = .failed
    case .running, .compensating:
      if row.flags.contains(.stuck) {
        self = .stuck
      } else if row.status == .compensating {
        self = .compensating
      } else {
        self = isSlow ? .slow : .waiting
      }
    case .compensated: self = row.flags.contains(.inconsistent) ? .inconsistent : .compensated
    case .completed, .declined, .ended:
      if row.flags.contains(.inconsistent) {
        self = .inconsistent
      } else {
        self = isSlow && row.status == .completed ? .slow : .none
      }
    }
  }
}
