/// One node: an instance (host, pod, process) that works on sagas. What the events do not tell is `nil`.
package struct NodeRow: Sendable, Equatable {
  package var node: String
  /// Of the program on it, where events tell it.
  package var version: String?
  package var verdict: NodeVerdict
  /// Why, in one sentence with its numbers.
  package var reason: String
  /// Retained sagas that it worked on.
  package var sagas: Int?
  /// Attempts at steps that it ended, and those of them that failed.
  package var steps: Int?
  package var failed: Int?
  package var undone: Int?
  /// Pieces of work per second over the last minute.
  package var rate: Double?
  /// Per second, oldest first.
  package var history: [Double?]
  package var p50: Duration?
  package var p95: Duration?
  /// Of the attempts at the steps that it does, 0 to 1, and what it would be if all its peers did the same.
  package var share: Double?
  package var evenShare: Double?
  package var lastAt: Timestamp?
  /// The consumer groups that it is a member of, where it is known by that only, and how many partitions it has there.
  package var groups: [String]
  package var partitions: Int?
  /// Where the node is a pod.
  package var pod: PodView?

  /// What is known of the readings that it is taken from.
  package var coverage = SourceCoverage()

  /// A count of this row, with what is known of it.
  package func known(_ count: Int?) -> Known<Int64> { count.map(coverage.known) ?? nil }

  mutating func doubt(_ coverage: SourceCoverage) {
    (rate, share, evenShare) = (nil, nil, nil)
    guard verdict == .even else { return }
    (verdict, reason) = (.unknown, coverage.reason)
  }

  package init(
    node: String, verdict: NodeVerdict, reason: String = "", sagas: Int? = nil, steps: Int? = nil, failed: Int? = nil,
    undone: Int? = nil, rate: Double? = nil, history: [Double?] = [], p50: Duration? = nil, p95: Duration? = nil,
    share: Double? = nil, evenShare: Double? = nil, lastAt: Timestamp? = nil, groups: [String] = [],
    partitions: Int? = nil
  ) {
    self.node = node
    self.verdict = verdict
    self.reason = reason
    self.sagas = sagas
    self.steps = steps
    self.failed = failed
    self.undone = undone
    self.rate = rate
    self.history = history
    self.p50 = p50
    self.p95 = p95
    self.share = share
    self.evenShare = evenShare
    self.lastAt = lastAt
    self.groups = groups
    self.partitions = partitions
  }
}

/// How a node does among those that do the same work, the best first.
package enum NodeVerdict: String, CaseIterable, Comparable, Sendable {
  case even
  /// Too little was counted to judge.
  case unknown
  /// Its share differs from the even share by more than chance.
  case skewed
  /// It takes longer for a step than the others that do it, by more than chance.
  case slow
  /// It worked, and no longer does while others do.
  case silent

  package static func < (left: NodeVerdict, right: NodeVerdict) -> Bool { left.rank < right.rank }

  private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
