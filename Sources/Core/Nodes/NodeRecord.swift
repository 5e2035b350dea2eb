/// The work of one node in the retained sagas.
struct NodeRecord: Sendable {
  /// Number of sagas that it worked on.
  private(set) var sagas = 0
  private(set) var completed = 0
  private(set) var failed = 0
  private(set) var undone = 0
  /// Number of sagas it worked on without a node in their steps.
  private(set) var taken = 0
  private(set) var durations = LogHistogram()
  private(set) var rates = RateSeries()
  /// Attempts per step; the basis of its share.
  private(set) var steps = BoundedCounts<Symbol>()
  /// Durations per step that it completed.
  private(set) var paces: [Symbol: LogMoments] = [:]
  private(set) var firstAt: Timestamp?
  private(set) var lastAt: Timestamp?

  var works: Int { completed + failed + undone + taken }
  var isEmpty: Bool { works == 0 && sagas == 0 }

  mutating func noteSaga(_ amount: Int) { sagas += amount }

  mutating func add(_ work: NodeWork) {
    count(work, 1)
    rates.add(1, at: work.endedAt)
    firstAt = min(firstAt ?? work.endedAt, work.endedAt)
    lastAt = max(lastAt ?? work.endedAt, work.endedAt)
  }

  /// Removes work that turned out not to have happened.
  mutating func takeBack(_ work: NodeWork) {
    count(work, -1)
    rates.add(-1, at: work.endedAt)
  }

  /// Removes work of a saga that is no longer retained.
  mutating func leave(_ work: NodeWork) { count(work, -1) }

  private mutating func count(_ work: NodeWork, _ amount: Int) {
    switch work.kind {
    case .completed: completed += amount
    case .failed: failed += amount
    case .undone: undone += amount
    case .taken: taken += amount
    }
    if let nanoseconds = work.nanoseconds {
      if work.kind == .completed { pace(work.step, nanoseconds, amount) }
      if amount > 0 { durations.add(nanoseconds: nanoseconds) } else { durations.remove(nanoseconds: nanoseconds) }
    }
    guard work.kind != .undone else { return }
    if amount > 0 { steps.add(work.step) } else { steps.remove(work.step) }
  }

  private static let mostPaces = 64

  private mutating func pace(_ step: Symbol, _ nanoseconds: Int64, _ amount: Int) {
    if amount > 0 {
      guard paces[step] != nil || paces.count < Self.mostPaces else { return }
      paces[step, default: LogMoments()].add(nanoseconds: nanoseconds)
    } else {
      paces[step]?.remove(nanoseconds: nanoseconds)
      if paces[step]?.count == 0 { paces[step] = nil }
    }
  }
}

/// One work item in a saga's events: a finished attempt at a step, or the compensation of a step.
struct NodeWork: Equatable, Sendable {
  enum Kind: UInt8, Sendable {
    case completed
    case failed
    case undone
    /// A whole saga without a node in its steps; `step` is then the saga's type.
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

  /// Duration in nanoseconds; `nil` if the start is unknown.
  var nanoseconds: Int64? { span == Self.unknown ? nil : span }
}

extension SagaFold {
  /// Appends the work of all nodes, in the order of rounds and steps.
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
