/// One failure in a saga: of a step's attempt, of a compensation, or of the saga without a step.
struct SagaFailure: Equatable, Sendable {
  var error: String?
  /// `Symbol.none` if the step is unknown.
  var step: Symbol
  var node: Symbol
  var time: Timestamp
}

extension SagaFold {
  /// In the order of rounds and steps. Depends on the events only, so folding a saga again gives the same failures.
  var failures: [SagaFailure] { state.earlier.flatMap(\.failures) + round.failures }

  /// Whether there may be failures. Mutating, so that the workspace is not copied.
  mutating func hasFailures() -> Bool { !state.earlier.isEmpty || state.round.mayHaveFailures }
}

extension SagaRound {
  fileprivate var mayHaveFailures: Bool {
    error != nil
      || touched.contains { index in
        steps[index].status == .compensationFailed
          || steps[index].attempts.indices.contains { steps[index].attempts[$0].hasFailed }
      }
  }

  fileprivate var failures: [SagaFailure] {
    var found: [SagaFailure] = []
    for state in steps[touched] {
      for attempt in state.attempts where attempt.hasFailed {
        found.append(
          SagaFailure(
            error: attempt.error, step: state.step, node: attempt.node,
            time: attempt.endedAt ?? attempt.startedAt ?? updatedAt))
      }
      if state.status == .compensationFailed, let time = state.compensatedAt {
        found.append(
          SagaFailure(error: state.compensationError, step: state.step, node: state.compensationNode, time: time))
      }
    }
    if found.isEmpty, summary.status == .failed || summary.status == .compensating, let error {
      let time = compensationStartedAt ?? end?.time ?? updatedAt
      found.append(SagaFailure(error: error, step: .none, node: node, time: time))
    }
    return found
  }
}

/// A failure of a saga and the pattern under which it was counted.
struct FailureMark: Sendable {
  var failure: SagaFailure
  var pattern: FailurePatternID
}

/// Identifies a pattern of one `Store`. Once the pattern is dropped, the id matches nothing.
package struct FailurePatternID: Hashable, Sendable {
  package var place: Int32
  package var generation: UInt32

  package init(place: Int32, generation: UInt32) {
    self.place = place
    self.generation = generation
  }
}
