/// Which action set a roll-back off.
extension ActionState {
  /// The clocks of operators and of the watched system are apart by so much at most.
  private static let clockTolerance = Duration.seconds(2)

  /// The last request to compensate that left while the saga ran; `nil` where nobody asked.
  func compensation(of saga: Saga, type: String) -> ActionRecord? {
    guard !isEmpty, let rollBack = saga.rollBack else { return nil }
    let first = saga.summary.startedAt - Self.clockTolerance
    let last = rollBack.startedAt + Self.clockTolerance
    return records(type: type, ids: saga.keys.map(\.value)).last { record in
      record.action == .compensate && record.outcome.mayHaveLeft
        && (first...max(first, last)).contains(record.intendedAt)
    }
  }
}

extension ActionOutcome {
  /// The other side may have taken it.
  fileprivate var mayHaveLeft: Bool {
    switch self {
    case .refused, .skipped, .cancelled: false
    case .intended, .sent, .accepted, .unknown, .observed, .notObserved, .failedAgain: true
    }
  }
}
