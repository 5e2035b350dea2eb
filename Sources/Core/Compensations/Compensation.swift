/// What was counted for one saga that is, or was, rolled back. Most sagas have none: a class costs those only a pointer.
final class Compensation: Equatable, Sendable {
  let definition: Int
  let outcome: SagaStatus
  let startedAt: Timestamp
  let endedAt: Timestamp?
  /// What set it off: the step that failed, on which node, and the pattern of its error.
  let step: Symbol
  let node: Symbol
  let error: String?
  /// What the saga is about.
  let product: String?

  init(
    definition: Int, outcome: SagaStatus, startedAt: Timestamp, endedAt: Timestamp?, step: Symbol, node: Symbol,
    error: String?, product: String?
  ) {
    self.definition = definition
    self.outcome = outcome
    self.startedAt = startedAt
    self.endedAt = endedAt
    self.step = step
    self.node = node
    self.error = error
    self.product = product
  }

  /// Only of those that came to their end by undoing.
  var duration: Duration? {
    guard outcome == .compensated, let endedAt else { return nil }
    return max(.zero, endedAt - startedAt)
  }

  static func == (left: Compensation, right: Compensation) -> Bool {
    left.definition == right.definition && left.outcome == right.outcome && left.startedAt == right.startedAt
      && left.endedAt == right.endedAt && left.step == right.step && left.node == right.node
      && left.error == right.error && left.product == right.product
  }
}

extension SagaSummary {
  var isRolledBack: Bool { status == .compensating || status == .compensated || status == .failed }
}
