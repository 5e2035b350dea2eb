import Core

/// A stretch of a saga's time: one attempt at a step, or its undoing.
struct SagaSpan: Equatable {
  enum Outcome: String {
    case done
    case failed
    case running
    case undone
    case notUndone
    /// An operator asked for something.
    case asked
  }

  var name: String
  var outcome: Outcome
  var start: Timestamp
  /// Of what has not ended the instant of the report.
  var end: Timestamp
  var node: String?
  var error: String?
  /// Both ends are known; else it is drawn where the one is that is.
  var isMeasured = true

  /// `nil` where it is not known.
  var duration: Duration? { isMeasured ? max(.zero, end - start) : nil }

  /// All of a saga: the steps in their order, then what was undone in the order in which that happened; what operators did stands
  /// before the first that began after it.
  static func all(of saga: SagaView, now: Timestamp) -> [SagaSpan] {
    var spans = forward(saga.row, now: now) + backward(saga.row, now: now)
    for action in saga.actions.map(asked) {
      spans.insert(action, at: spans.firstIndex { $0.start > action.start } ?? spans.endIndex)
    }
    return spans
  }

  private static func asked(_ action: ActionRecord) -> SagaSpan {
    SagaSpan(
      name: "\(action.action.rawValue) asked", outcome: .asked, start: action.intendedAt,
      end: action.intendedAt + (action.latency ?? .zero), node: action.operator.name, error: nil,
      isMeasured: action.latency != nil)
  }

  private static func forward(_ row: SagaRow, now: Timestamp) -> [SagaSpan] {
    row.steps.flatMap { step in
      step.attempts.enumerated().map { number, attempt in
        let end = attempt.endedAt ?? now
        return SagaSpan(
          name: number == 0 ? step.name : "\(step.name), attempt \(number + 1)",
          outcome: attempt.hasFailed ? .failed : attempt.endedAt == nil ? .running : .done,
          start: min(attempt.startedAt ?? end, end), end: end, node: attempt.node, error: attempt.error,
          isMeasured: attempt.startedAt != nil)
      }
    }
  }

  private static func backward(_ row: SagaRow, now: Timestamp) -> [SagaSpan] {
    var from = row.steps.first { $0.name == row.failedStep }?.endedAt ?? row.progressAt ?? row.startedAt
    let undone = row.steps.filter { $0.compensatedAt != nil }.sorted {
      ($0.compensatedAt ?? now) < ($1.compensatedAt ?? now)
    }
    var spans: [SagaSpan] = []
    for step in undone {
      let end = step.compensatedAt ?? now
      spans.append(
        SagaSpan(
          name: "undo \(step.name)", outcome: step.status == .compensationFailed ? .notUndone : .undone,
          start: min(from, end), end: end, node: step.compensationNode, error: step.compensationError))
      from = end
    }
    let owed = row.steps.reversed().filter { $0.status == .compensating && $0.compensatedAt == nil }
    return spans
      + owed.map { SagaSpan(name: "undo \($0.name)", outcome: .running, start: min(from, now), end: now) }
  }
}
