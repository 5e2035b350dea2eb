import Text

/// All nodes compared with their peers, at one instant.
struct NodeSurvey {
  struct Standing {
    var verdict: NodeVerdict
    var reason: String
    /// Its share of the attempts at the steps that it does, and its share if all nodes did the same number.
    var share: Double?
    var evenShare: Double?
  }

  let records: [Symbol: NodeRecord]
  let peers: NodePeers
  /// Per set of peers; `nil` with too little data.
  private(set) var spreads: [NodeJudge.Spread?]
  private(set) var slow: [Symbol: NodeJudge.Slowness] = [:]
  /// Per set of peers the two nodes that worked last, the later one first.
  private let latest: [[(node: Symbol, at: Timestamp)]]
  private let judgedAt: Timestamp
  private let symbols: SymbolTable
  /// Per step the number of attempts and of nodes.
  private let totals: [Symbol: (works: Int, nodes: Int)]

  /// `judgedAt` is the instant up to which events are known to have been read; silence is measured up to it.
  init(_ records: [Symbol: NodeRecord], judgedAt: Timestamp, symbols: SymbolTable) {
    self.records = records
    self.judgedAt = judgedAt
    self.symbols = symbols
    peers = NodePeers(records)
    latest = peers.groups.map { Self.latest(of: $0, records) }
    var totals: [Symbol: (works: Int, nodes: Int)] = [:]
    for record in records.values {
      for (step, count) in record.steps.counts {
        let known = totals[step] ?? (0, 0)
        totals[step] = (known.works + count, known.nodes + 1)
      }
    }
    self.totals = totals
    spreads = []
    slow = NodeJudge.slow(records.filter { silence(of: $0.key) == nil }.map { ($0.key, $0.value.paces) })
    spreads = peers.groups.map { group in
      let judged = group.filter(isJudged)
      var spread = Self.spread(judged, records, symbols)
      spread?.hasAbsentPeer = judged.count < group.count
      return spread
    }
  }

  private static func latest(
    of group: [Symbol], _ records: [Symbol: NodeRecord]
  ) -> [(node: Symbol, at: Timestamp)] {
    var latest: [(node: Symbol, at: Timestamp)] = []
    for node in group {
      guard let at = records[node]?.lastAt else { continue }
      let place = latest.firstIndex { $0.at < at } ?? latest.endIndex
      if place < 2 { latest.insert((node, at), at: place) }
      if latest.count > 2 { latest.removeLast() }
    }
    return latest
  }

  /// Work that other nodes do for a slow or silent node is not a skew among them.
  private func isJudged(_ node: Symbol) -> Bool { silence(of: node) == nil && slow[node] == nil }

  private static func spread(
    _ group: [Symbol], _ records: [Symbol: NodeRecord], _ symbols: SymbolTable
  ) -> NodeJudge.Spread? {
    var works: [Symbol: [Int]] = [:]
    for node in group {
      for (step, count) in records[node]?.steps.counts ?? [:] { works[step, default: []].append(count) }
    }
    return NodeJudge.spread(works, symbols: symbols)
  }

  func standing(of node: Symbol) -> Standing {
    guard let record = records[node], let group = peers.groupOf[node] else {
      return Standing(verdict: .unknown, reason: "it did nothing")
    }
    let (share, even) = shares(of: record)
    let (verdict, reason) = judgement(of: node, record, group)
    return Standing(verdict: verdict, reason: reason, share: share, evenShare: even)
  }

  private func shares(of record: NodeRecord) -> (share: Double?, even: Double?) {
    var (own, all) = (0, 0)
    // Integer sums do not depend on the order, so the works are added before they are divided.
    var worksByNodes: [Int: Int] = [:]
    for (step, count) in record.steps.counts {
      guard let total = totals[step] else { continue }
      own += count
      all += total.works
      worksByNodes[total.nodes, default: 0] += total.works
    }
    guard all > 0 else { return (nil, nil) }
    let fair = worksByNodes.sorted { $0.key < $1.key }.reduce(0.0) { $0 + Double($1.value) / Double($1.key) }
    return (Double(own) / Double(all), fair / Double(all))
  }

  private func judgement(of node: Symbol, _ record: NodeRecord, _ group: Int) -> (NodeVerdict, String) {
    if let silence = silence(of: node, record, group) {
      return (.silent, "no work for \(Quantity.age(silence)) while its peers work")
    }
    if let slow = slow[node] { return (.slow, sentence(slow)) }
    guard peers.groups[group].count > 1 else { return (.unknown, "no other node does its steps") }
    guard peers.groups[group].contains(where: { $0 != node && isJudged($0) }) else {
      return (.unknown, "the others that do its steps are slow or silent")
    }
    guard let spread = spreads[group] else {
      return (.unknown, "fewer than \(NodeJudge.evidence) attempts at any step: too few to judge")
    }
    let sentence =
      "\(symbols.text(spread.step)) over \(Quantity.grouped(spread.counted)) attempts: "
      + "chi-square \(Quantity.decimal(spread.test.statistic, digits: 1)), \(Quantity.probability(spread.p))"
    if spread.isSignificant, spread.hasAbsentPeer {
      return (.unknown, "not judged while a peer is slow or silent: some have taken over its work")
    }
    return spread.isSkewed ? (.skewed, "more than chance, \(sentence)") : (.even, "no more than chance, \(sentence)")
  }

  /// "payment takes 812 ms, its peers 204 ms (Welch's t 14.2, p < 0.001)".
  func sentence(_ slow: NodeJudge.Slowness) -> String {
    "\(symbols.text(slow.step)) takes \(Quantity.latency(slow.own)), its peers \(Quantity.latency(slow.peers)) (Welch's t "
      + "\(Quantity.decimal(slow.statistic, digits: 1)), \(Quantity.probability(slow.p)))"
  }

  /// How long it has been without work while its peers worked; `nil` if that is within the limit.
  func silence(of node: Symbol) -> Duration? {
    guard let record = records[node], let group = peers.groupOf[node] else { return nil }
    return silence(of: node, record, group)
  }

  private func silence(of node: Symbol, _ record: NodeRecord, _ group: Int) -> Duration? {
    guard let last = record.lastAt, judgedAt > last else { return nil }
    let rate = record.rates.rate(over: TypeStatistics.rateSpan, before: last + .seconds(1), since: record.firstAt)
    let patience = NodeJudge.patience(rate: rate)
    guard judgedAt - last > patience else { return nil }
    let isAnotherAtWork = latest[group].contains { $0.node != node && $0.at > judgedAt - patience }
    return isAnotherAtWork ? judgedAt - last : nil
  }
}
