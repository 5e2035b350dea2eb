/// Updates the work of nodes when sagas change: each saga stores what was counted for it.
extension StoreState {
  /// Maximum capacity reserved for the works of a saga; a saga may have many steps.
  private static let mostReserved = 8

  /// Updates the counts for a saga that was just folded.
  mutating func countWorks(of saga: Saga) {
    scratchWorks.removeAll(keepingCapacity: true)
    sagas.folds[saga.definition].appendWorks(to: &scratchWorks)
    if !saga.summary.node.isNone, scratchWorks.allSatisfy({ $0.node.isNone }) { countWhole(saga) }
    let same = nodes.change(from: saga.works, to: scratchWorks)
    guard same == saga.works.count else { return saga.works = Array(scratchWorks[...]) }
    guard same < scratchWorks.count else { return }
    if same == 0 {
      let steps = sagas.definitions[saga.definition].steps.count
      saga.works.reserveCapacity(max(scratchWorks.count, min(steps, Self.mostReserved)))
    }
    for place in same..<scratchWorks.count { saga.works.append(scratchWorks[place]) }
  }

  /// If no step contains its node, the saga counts as one work item of the node in its events.
  private mutating func countWhole(_ saga: Saga) {
    let type = symbols.symbol(sagas.definitions[saga.definition].definition.type)
    scratchWorks = [
      NodeWork(node: saga.summary.node, step: type, kind: .taken, endedAt: saga.summary.startedAt)
    ]
  }

  mutating func takeBackWorks(of saga: Saga) {
    nodes.change(from: saga.works, to: [])
    saga.works = []
  }
}

/// Views of nodes for readers of the store.
extension StoreState {
  func nodes(_ query: NodeQuery, now: Timestamp) -> NodeList {
    let events = SourceCoverage(sources.values, at: now)
    guard nodes.isEmpty else { return known(workingNodes(query, now: now), by: events) }
    var list = known(memberNodes(query, now: now), by: SourceCoverage(sources.values, of: .lag, at: now))
    // Whether events contain nodes depends on the events alone.
    if !events.isWhole { list.coverage = events }
    return list
  }

  /// Without complete coverage there are no rates and shares, and no verdict `even`.
  private func known(_ list: NodeList, by coverage: SourceCoverage) -> NodeList {
    var list = list
    list.coverage = coverage
    for place in list.window.rows.indices { list.window.rows[place].coverage = coverage }
    guard !coverage.isWhole else { return list }
    if let even = list.counts.removeValue(forKey: .even) { list.counts[.unknown, default: 0] += even }
    for place in list.spreads.indices where list.spreads[place].test?.isSkewed == false {
      list.spreads[place].test = nil
    }
    for place in list.window.rows.indices { list.window.rows[place].doubt(coverage) }
    return list
  }

  private typealias Candidate = (node: Symbol, standing: NodeSurvey.Standing)

  private func workingNodes(_ query: NodeQuery, now: Timestamp) -> NodeList {
    let survey = NodeSurvey(nodes.records, judgedAt: judgedUntil(now), symbols: symbols)
    let all = survey.records.keys.map { (node: $0, standing: survey.standing(of: $0)) }
    var list = NodeList(naming: .events, spreads: spreads(survey), unnamed: nodes.unnamed)
    for entry in all { list.counts[entry.standing.verdict, default: 0] += 1 }
    let matching = all.filter { query.filter.matchesAll || query.filter.matches(candidate($0), now: now) }
    let window = query.window(of: sorted(matching, query), total: all.count) { symbols.text($0.node) }
    list.window = ListWindow(
      window.rows.map { row($0.node, $0.standing, now: now) }, offset: window.offset, matching: window.matching,
      total: window.total)
    return list
  }

  private func candidate(_ entry: Candidate) -> NodeCandidate {
    let record = nodes[entry.node]
    return NodeCandidate(
      name: symbols.text(entry.node), standing: entry.standing, record: record,
      steps: record?.steps.counts.keys.map(symbols.text) ?? [])
  }

  private func spreads(_ survey: NodeSurvey) -> [NodeList.Spread] {
    zip(survey.peers.groups, survey.spreads).map { group, spread in
      let steps = Set(group.flatMap { nodes[$0]?.steps.counts.keys.map { $0 } ?? [] })
      return NodeList.Spread(
        nodes: group.count, steps: steps.map(symbols.text).sorted(),
        test: spread.map {
          var test = NodeList.Test(
            step: symbols.text($0.step), counted: $0.counted, statistic: $0.test.statistic, degrees: $0.test.degrees,
            p: $0.p, isSkewed: $0.isSkewed)
          test.tested = $0.tested
          test.isDoubtful = $0.isSignificant && $0.hasAbsentPeer
          return test
        })
    }.sorted { ($1.nodes, $0.steps.first ?? "") < ($0.nodes, $1.steps.first ?? "") }
  }

  /// By name if the order does not distinguish them.
  private func sorted(_ all: [Candidate], _ query: NodeQuery) -> [Candidate] {
    let named = all.map { (name: symbols.text($0.node), entry: $0) }.sorted { $0.name < $1.name }.map(\.entry)
    return named.sorted(isReversed: query.isReversed) { key(of: $0, query.order) }
  }

  private func key(of entry: Candidate, _ order: NodeOrder) -> SortKey {
    let record = nodes[entry.node]
    return switch order {
    case .severity: .number(NodeVerdict.allCases.firstIndex(of: entry.standing.verdict))
    case .node: .text(symbols.text(entry.node))
    case .sagas: .number(record?.sagas)
    case .steps: .number(record.map { $0.completed + $0.failed })
    case .failed: .number(record?.failed)
    case .share: .number(entry.standing.share)
    }
  }

  private func row(_ node: Symbol, _ standing: NodeSurvey.Standing, now: Timestamp) -> NodeRow {
    var row = NodeRow(
      node: symbols.text(node), verdict: standing.verdict, reason: standing.reason, share: standing.share,
      evenShare: standing.evenShare)
    guard let record = nodes[node] else { return row }
    row.version = symbols.name(nodes.version(of: node))
    if !pods.isEmpty {
      row.pod = pods.pod(named: row.node, now: now)
      row.version = row.version ?? row.pod?.pod.version
    }
    row.sagas = record.sagas
    row.steps = record.completed + record.failed
    row.failed = record.failed
    row.undone = record.undone
    row.rate = record.rates.rate(over: TypeStatistics.rateSpan, before: now, since: historyStart)
    row.history = record.rates.history(
      buckets: TypeStatistics.historyBuckets, width: TypeStatistics.historyWidth, before: now, since: historyStart)
    row.p50 = record.durations.quantile(0.5)
    row.p95 = record.durations.quantile(0.95)
    row.lastAt = record.lastAt
    return row
  }
}

/// The members of consumer groups: the partitions they read, and their use as nodes if no event contains one.
extension StoreState {
  /// By group, then by client id.
  func members(_ query: MemberQuery, now: Timestamp) -> MemberList {
    let all = lag.groups.values.sorted { $0.name < $1.name }.flatMap { group in
      lag.members(of: group).map { member in
        MemberRow(
          group: group.name, clientID: member.clientID, host: member.host, partitions: member.partitions,
          lag: member.lag)
      }.sorted { ($0.clientID, $0.host) < ($1.clientID, $1.host) }
    }
    return query.window(of: all, now: now)
  }

  /// One row per client and host, over all its groups.
  func memberNodes(_ query: NodeQuery, now: Timestamp) -> NodeList {
    var nodes: [String: NodeRow] = [:]
    for group in lag.groups.values.sorted(by: { $0.name < $1.name }) {
      for member in lag.members(of: group) {
        let name = "\(member.clientID) \(member.host)"
        var row = nodes[name] ?? NodeRow(node: name, verdict: .unknown, reason: "no event names a node")
        if row.groups.last != group.name { row.groups.append(group.name) }
        row.partitions = (row.partitions ?? 0) + member.partitions
        nodes[name] = row
      }
    }
    let matching = nodes.values.filter { row in
      query.filter.matchesAll || query.filter.matches(NodeCandidate(name: row.node, groups: row.groups), now: now)
    }.sorted { $0.node < $1.node }
    return NodeList(
      query.window(of: matching, total: nodes.count, id: \.node), naming: .members,
      counts: nodes.isEmpty ? [:] : [.unknown: nodes.count], unnamed: self.nodes.unnamed)
  }
}
