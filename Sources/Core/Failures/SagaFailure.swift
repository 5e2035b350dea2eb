/// One failure in a saga: an attempt at a step, an undoing, or the whole without a step.
struct SagaFailure: Equatable, Sendable {
  var error: String?
  /// `Symbol.none` where no step is told.
  var step: Symbol
  var node: Symbol
  var time: Timestamp
}

extension SagaFold {
  /// In the order of the rounds and their steps. They follow from the events alone, so that folding a saga again finds the same ones.
  var failures: [SagaFailure] { state.earlier.flatMap(\.failures) + round.failures }

  /// Whether there are any. Mutating, so that the workspace is looked at in its place.
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

/// A failure of a saga and the pattern that it was counted for.
struct FailureMark: Sendable {
  var failure: SagaFailure
  var pattern: FailurePatternID
}

/// Names a pattern of one `Store`. It stays valid while the pattern is kept; after that it finds nothing.
package struct FailurePatternID: Hashable, Sendable {
  package var place: Int32
  package var generation: UInt32

  package init(place: Int32, generation: UInt32) {
    self.place = place
    self.generation = generation
  }
}
