/// One piece of work that a saga's events tell of: an attempt at a step that came to an end, or the undoing of a step.
struct NodeWork: Equatable, Sendable {
  enum Kind: UInt8, Sendable {
    case completed
    case failed
    case undone
    /// A whole saga, where none of its steps tells a node; `step` is the saga's type then.
    case taken
  }

  private static let unknown: Int64 = -1

  var node: Symbol
  var step: Symbol
  var endedAt: Timestamp
  private var span: Int64
  var kind: Kind

  init(node: Symbol, step: Symbol, kind: Kind, endedAt: Timestamp, nanoseconds: Int64? = nil) {
    self.node = node
    self.step = step
    self.kind = kind
    self.endedAt = endedAt
    span = nanoseconds ?? Self.unknown
  }

  /// From being handed the work to its end; `nil` where its beginning is not known.
  var nanoseconds: Int64? { span == Self.unknown ? nil : span }
}

extension SagaFold {
  /// Appends what the nodes did, in the order of the rounds and their steps.
  mutating func appendWorks(to works: inout [NodeWork]) {
    for earlier in state.earlier { earlier.appendWorks(to: &works) }
    state.round.appendWorks(to: &works)
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
            nanoseconds: attempt.nanoseconds))
      }
      guard state.status == .compensated || state.status == .compensationFailed, let end = state.compensatedAt else {
        continue
      }
      let kind: NodeWork.Kind = state.status == .compensated ? .undone : .failed
      works.append(NodeWork(node: state.compensationNode, step: state.step, kind: kind, endedAt: end))
    }
  }
}
