/// Judges whether work is evenly distributed and whether a node has become silent. Pure.
enum NodeJudge {
  /// Minimum number of work items for a verdict on shares.
  static let evidence = 50
  static let significance = 0.01
  /// Minimum time without work before a node counts as silent.
  static let leastSilence = Duration.seconds(10)
  /// A silence is significant after this number of expected work items: its probability is e^-9.2, about 0.0001.
  private static let surprise = 9.2

  /// The distribution of the work of one step, or of all steps.
  struct Spread: Equatable {
    /// The step with the least even distribution.
    var step: Symbol
    var counted: Int
    var test: ChiSquare
    /// `p` times the number of tested steps (Bonferroni), because the steps of one saga are not independent.
    var p: Double

    /// Number of tested steps.
    var tested = 1
    /// A peer is slow or silent, so that other nodes do its share.
    var hasAbsentPeer = false

    var isSignificant: Bool { p < NodeJudge.significance }
    var isSkewed: Bool { isSignificant && !hasAbsentPeer }
  }

  /// `works` contains, per step, the counts of all nodes that do it. `nil` if the counts are too small. Among equally distributed steps
  /// the first by name is used, because symbol numbers differ in each run.
  static func spread(_ works: [Symbol: [Int]], symbols: SymbolTable) -> Spread? {
    let tested = works.compactMap { step, counts -> (step: Symbol, counted: Int, test: ChiSquare)? in
      let counted = counts.reduce(0, +)
      guard counted >= evidence, let test = ChiSquare(even: counts.sorted()) else { return nil }
      return (step, counted, test)
    }
    let least = tested.min { left, right in
      let (first, second) = ((left.test.p, -left.test.statistic), (right.test.p, -right.test.statistic))
      return first == second ? symbols.text(left.step) < symbols.text(right.step) : first < second
    }
    return least.map {
      Spread(
        step: $0.step, counted: $0.counted, test: $0.test, p: min(1, $0.test.p * Double(tested.count)),
        tested: tested.count)
    }
  }

  /// Minimum number of attempts, of a node and of its peers, at a step before their durations are compared.
  static let paceEvidence: Int64 = 20
  /// Minimum ratio to its peers for a difference to count.
  private static let slowFactor = 1.5
  private static let slowSignificance = 0.001

  struct Slowness: Equatable {
    var step: Symbol
    var own: Duration
    var peers: Duration
    var statistic: Double
    /// Corrected for the number of comparisons (Bonferroni).
    var p: Double
  }

  /// For each slow node that is active, the step at which it is slowest. Compares the logarithms of durations (Welch's t-test).
  static func slow(_ records: [(node: Symbol, paces: [Symbol: LogMoments])]) -> [Symbol: Slowness] {
    var totals: [Symbol: LogMoments] = [:]
    for record in records {
      for (step, pace) in record.paces {
        totals[step, default: LogMoments()] = totals[step, default: LogMoments()] + pace
      }
    }
    let comparisons = Double(max(1, records.reduce(0) { $0 + $1.paces.count }))
    var found: [Symbol: Slowness] = [:]
    for record in records {
      for (step, pace) in record.paces {
        guard let total = totals[step], let own = pace.middle, let peers = (total - pace).middle,
          let excess = pace.excess(over: total - pace, atLeast: paceEvidence), excess.times >= slowFactor,
          excess.p * comparisons < slowSignificance
        else { continue }
        let slow = Slowness(
          step: step, own: own, peers: peers, statistic: excess.statistic, p: min(1, excess.p * comparisons))
        if found[record.node].map({ $0.statistic < slow.statistic }) ?? true { found[record.node] = slow }
      }
    }
    return found
  }

  /// How long a node with `rate` work items per second may be without work; `rate` is `nil` if unknown.
  static func patience(rate: Double?) -> Duration {
    guard let rate, rate > 0 else { return .seconds(600) }
    return max(leastSilence, .nanoseconds(Int64(min(3600, surprise / rate) * 1e9)))
  }
}

/// Nodes that do the same work: two nodes are peers if both have done the same step, or are linked by a chain of such pairs.
struct NodePeers {
  /// The nodes of each set of peers.
  private(set) var groups: [[Symbol]] = []
  private(set) var groupOf: [Symbol: Int] = [:]

  init(_ records: [Symbol: NodeRecord]) {
    var nodes: [Symbol: [Symbol]] = [:]
    for (node, record) in records {
      for step in record.steps.counts.keys { nodes[step, default: []].append(node) }
    }
    for node in records.keys where groupOf[node] == nil {
      let number = groups.count
      var group: [Symbol] = []
      var waiting = [node]
      groupOf[node] = number
      while let next = waiting.popLast() {
        group.append(next)
        for step in records[next]?.steps.counts.keys.map({ $0 }) ?? [] {
          for peer in nodes.removeValue(forKey: step) ?? [] where groupOf[peer] == nil {
            groupOf[peer] = number
            waiting.append(peer)
          }
        }
      }
      groups.append(group)
    }
  }
}
