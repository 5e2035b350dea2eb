/// One piece of work that a saga's events tell of: an attempt at a step that came to an end, or the undoing of a step.
struct NodeWork: Equatable, Sendable {
  enum Kind: UInt8, Sendable {
    case completed
    case failed
    case undone
    /// A whole saga, where none of its steps tells a node; `step` is the saga's type then.
    case taken
  }

  var node: Symbol
  var step: Symbol
  var kind: Kind
  var endedAt: Timestamp
  /// From being handed the work to its end; `nil` where its beginning is not known.
  var duration: Duration?
}

extension SagaFold {
  /// Appends what the nodes did, in the order of the rounds and their steps.
  func appendWorks(to works: inout [NodeWork]) {
    for earlier in state.earlier { earlier.appendWorks(to: &works) }
    round.appendWorks(to: &works)
  }
}

extension SagaRound {
  fileprivate func appendWorks(to works: inout [NodeWork]) {
    for state in steps {
      for attempt in state.attempts {
        guard let end = attempt.endedAt else { continue }
        works.append(
          NodeWork(
            node: attempt.node, step: state.step, kind: attempt.hasFailed ? .failed : .completed, endedAt: end,
            duration: attempt.duration))
      }
      guard state.status == .compensated || state.status == .compensationFailed, let end = state.compensatedAt else {
        continue
      }
      let kind: NodeWork.Kind = state.status == .compensated ? .undone : .failed
      works.append(NodeWork(node: state.compensationNode, step: state.step, kind: kind, endedAt: end))
    }
  }
}
