/// What was counted for one round of a saga that is, or was, compensated. Most sagas have none: a class costs those only a pointer.
final class Compensation: Equatable, Sendable {
  let definition: Int
  /// The round of the saga, counted from 1.
  let round: Int
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

  /// Only of those that came to their end by undoing.
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

/// Of the roll-backs of one type of saga that have not ended, the one that is under way for the longest time.
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
