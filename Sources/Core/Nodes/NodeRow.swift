/// One node: an instance (host, pod, process) that works on sagas. Values unknown from the events are `nil`.
package struct NodeRow: Sendable, Equatable {
  package var node: String
  /// Version of its program; `nil` if unknown.
  package var version: String?
  package var verdict: NodeVerdict
  /// The reason for the verdict, in one sentence with its numbers.
  package var reason: String
  /// Number of retained sagas that it worked on.
  package var sagas: Int?
  /// Number of its finished attempts at steps, and of the failed ones among them.
  package var steps: Int?
  package var failed: Int?
  package var undone: Int?
  /// Work items per second over the last minute.
  package var rate: Double?
  /// Per second, oldest first.
  package var history: [Double?]
  package var p50: Duration?
  package var p95: Duration?
  /// Its share of the attempts at the steps that it does, 0 to 1, and its share if all peers did the same number.
  package var share: Double?
  package var evenShare: Double?
  package var lastAt: Timestamp?
  /// The consumer groups that it is a member of and its number of partitions, if it is known only as a member.
  package var groups: [String]
  package var partitions: Int?
  /// The pod, if the node is one.
  package var pod: PodView?

  /// Coverage of the samples that the row is based on.
  package var coverage = SourceCoverage()

  /// A count of this row with its quality.
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

/// The verdict on a node compared with its peers, best first.
package enum NodeVerdict: String, CaseIterable, Comparable, Sendable {
  case even
  /// Too little data to judge.
  case unknown
  /// Its share differs from the even share by more than chance.
  case skewed
  /// It takes longer for a step than its peers, by more than chance.
  case slow
  /// It has stopped working while its peers continue.
  case silent

  package static func < (left: NodeVerdict, right: NodeVerdict) -> Bool { left.rank < right.rank }

  private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
