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
    // By index: iterating over the elements copies each of them with all that it holds.
    for index in touched {
      for place in steps[index].attempts.indices {
        guard let end = steps[index].attempts[place].endedAt else { continue }
        works.append(
          NodeWork(
            node: steps[index].attempts[place].node, step: steps[index].step,
            kind: steps[index].attempts[place].hasFailed ? .failed : .completed, endedAt: end,
            nanoseconds: steps[index].attempts[place].nanoseconds))
      }
      let status = steps[index].status
      guard status == .compensated || status == .compensationFailed, let end = steps[index].compensatedAt else {
        continue
      }
      let kind: NodeWork.Kind = status == .compensated ? .undone : .failed
      works.append(NodeWork(node: steps[index].compensationNode, step: steps[index].step, kind: kind, endedAt: end))
    }
  }
}
