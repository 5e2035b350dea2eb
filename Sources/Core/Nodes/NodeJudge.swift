/// Whether work is spread evenly, and whether a node fell silent. Pure.
enum NodeJudge {
  /// Below this many pieces of work nothing is said of shares.
  static let evidence = 50
  static let significance = 0.01
  /// A node is not called silent sooner.
  static let leastSilence = Duration.seconds(10)
  /// How unlikely the silence of a node must be that works at random times.
  private static let surprise = 9.2

  /// What the shares of one step, or of all, amount to.
  struct Spread: Equatable {
    /// The step that is spread least evenly.
    var step: Symbol
    var counted: Int
    var test: ChiSquare
    /// `p` times the number of steps that were looked at (Bonferroni): one saga's steps are no independent draws.
    var p: Double

    /// How many were looked at.
    var tested = 1
    /// A peer is slow or silent, and what it does not do went to some of the others.
    var hasAbsentPeer = false

    var isSignificant: Bool { p < NodeJudge.significance }
    var isSkewed: Bool { isSignificant && !hasAbsentPeer }
  }

  /// `works` has, per step, how often each of the nodes that do it did it. `nil` where too little was counted. Of steps that are spread
  /// alike the first by name counts: a symbol's number is another in each run.
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

  /// Attempts of a node, and of its peers, at a step: of fewer nothing is said of how fast it is.
  static let paceEvidence: Int64 = 20
  /// Ratio to its peers below which a difference is no trouble.
  private static let slowFactor = 1.5
  private static let slowSignificance = 0.001

  /// A node that is slow at a step.
  struct Slowness: Equatable {
    var step: Symbol
    var own: Duration
    var peers: Duration
    var statistic: Double
    /// Corrected for the number of comparisons (Bonferroni).
    var p: Double
  }

  /// Per node the step at which it is slowest, of those that work now. Durations are compared by their logarithms (Welch).
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

  /// How long a node that works `rate` times a second may be without work; `nil` rate when that is not known.
  static func patience(rate: Double?) -> Duration {
    guard let rate, rate > 0 else { return .seconds(600) }
    return max(leastSilence, .nanoseconds(Int64(min(3600, surprise / rate) * 1e9)))
  }
}

/// Nodes that do the same work: two nodes are peers when some step was done by both, or by peers of both.
struct NodePeers {
  /// Per set of peers its nodes.
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
