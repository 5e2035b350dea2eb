/// Data about one compensated round of a saga. Most sagas have none; as a class it costs them only a pointer.
final class Compensation: Equatable, Sendable {
  let definition: Int
  /// The round of the saga, starting at 1.
  let round: Int
  let outcome: SagaStatus
  let startedAt: Timestamp
  let endedAt: Timestamp?
  /// The cause: the step that failed, its node, and the pattern of its error.
  let step: Symbol
  let node: Symbol
  let error: String?
  /// The business object of the saga.
  let product: String?

  init(
    definition: Int, round: Int, outcome: SagaStatus, startedAt: Timestamp, endedAt: Timestamp?, step: Symbol,
    node: Symbol,
    error: String?, product: String?
  ) {
    self.definition = definition
    self.round = round
    self.outcome = outcome
    self.startedAt = startedAt
    self.endedAt = endedAt
    self.step = step
    self.node = node
    self.error = error
    self.product = product
  }

  /// `nil` unless the compensation completed.
  var duration: Duration? {
    guard outcome == .compensated, let endedAt else { return nil }
    return max(.zero, endedAt - startedAt)
  }

  static func == (left: Compensation, right: Compensation) -> Bool {
    left.definition == right.definition && left.round == right.round && left.outcome == right.outcome
      && left.startedAt == right.startedAt
      && left.endedAt == right.endedAt && left.step == right.step && left.node == right.node
      && left.error == right.error && left.product == right.product
  }
}

extension SagaSummary {
  var isRolledBack: Bool { status == .compensating || status == .compensated || status == .failed }
}

/// The longest-running unfinished roll-back of one saga type.
package struct OldestCompensation: Sendable, Equatable {
  package var type: String
  package var sagaID: String
  package var startedAt: Timestamp

  package init(type: String, sagaID: String, startedAt: Timestamp) {
    self.type = type
    self.sagaID = sagaID
    self.startedAt = startedAt
  }
}
