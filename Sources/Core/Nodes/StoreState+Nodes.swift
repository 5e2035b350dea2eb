/// What nodes did follows the sagas: each saga remembers what was counted for it.
extension StoreState {
  /// Brings the counts up to date with the saga as it was just folded.
  mutating func countWorks(of saga: Saga) {
    worksAtHand.removeAll(keepingCapacity: true)
    sagas.folds[saga.definition].appendWorks(to: &worksAtHand)
    guard worksAtHand != saga.works else { return }
    nodes.change(from: saga.works, to: worksAtHand)
    saga.works = worksAtHand
  }

  mutating func takeBackWorks(of saga: Saga) {
    nodes.change(from: saga.works, to: [])
    saga.works = []
  }
}

/// What readers are shown of nodes.
extension StoreState {
  func nodes(_ query: NodeQuery, now: Timestamp) -> NodeListView {
    nodes.records.isEmpty ? memberNodes(query) : workingNodes(query, now: now)
  }

  private func workingNodes(_ query: NodeQuery, now: Timestamp) -> NodeListView {
    let survey = NodeSurvey(nodes.records, judgedAt: judgedUntil(now), symbols: symbols)
    let all = nodes.records.keys.map { (node: $0, standing: survey.standing(of: $0)) }
    var view = NodeListView(
      naming: .events, total: all.count, spreads: spreads(survey), unnamed: nodes.unnamed)
    for entry in all { view.counts[entry.standing.verdict, default: 0] += 1 }
    let matching = sorted(
      all.filter { query.filter.matchesAll || query.filter.matches($0.node, $0.standing, in: self, now: now) }, query)
    let followed = query.following.flatMap { name in matching.firstIndex { symbols.text($0.node) == name } }
    view.matching = matching.count
    view.offset = ListPlace.start(query.offset, limit: query.limit, count: matching.count, followed: followed)
    view.rows = matching.dropFirst(view.offset).prefix(max(0, query.limit)).map { row($0.node, $0.standing, now: now) }
    return view
  }

  private func spreads(_ survey: NodeSurvey) -> [NodeListView.Spread] {
    zip(survey.peers.groups, survey.spreads).map { group, spread in
      let steps = Set(group.flatMap { nodes.records[$0]?.steps.counts.keys.map { $0 } ?? [] })
      return NodeListView.Spread(
        nodes: group.count, steps: steps.map(symbols.text).sorted(),
        test: spread.map {
          .init(
            step: symbols.text($0.step), counted: $0.counted, statistic: $0.test.statistic, degrees: $0.test.degrees,
            p: $0.p, isSkewed: $0.isSkewed)
        })
    }.sorted { ($1.nodes, $0.steps.first ?? "") < ($0.nodes, $1.steps.first ?? "") }
  }

  private func sorted(
    _ all: [(node: Symbol, standing: NodeSurvey.Standing)], _ query: NodeQuery
  ) -> [(node: Symbol, standing: NodeSurvey.Standing)] {
    let keyed = all.map { entry in
      (key: key(of: entry.node, entry.standing, query.order), name: symbols.text(entry.node), entry: entry)
    }
    let sorted = keyed.sorted { $0.key != $1.key ? $0.key > $1.key : $0.name < $1.name }.map(\.entry)
    return query.isReversed ? sorted.reversed() : sorted
  }

  /// The largest comes first.
  private func key(of node: Symbol, _ standing: NodeSurvey.Standing, _ order: NodeQuery.Order) -> Double {
    let record = nodes.records[node]
    switch order {
    case .verdict: return Double(NodeVerdict.allCases.firstIndex(of: standing.verdict) ?? 0)
    case .node: return 0
    case .sagas: return Double(record?.sagas ?? 0)
    case .steps: return Double((record?.completed ?? 0) + (record?.failed ?? 0))
    case .failed: return Double(record?.failed ?? 0)
    case .share: return standing.share ?? -1
    }
  }

  private func row(_ node: Symbol, _ standing: NodeSurvey.Standing, now: Timestamp) -> NodeRow {
    var row = NodeRow(
      node: symbols.text(node), verdict: standing.verdict, reason: standing.reason, share: standing.share,
      evenShare: standing.evenShare)
    guard let record = nodes.records[node] else { return row }
    row.version = symbols.name(nodes.version(of: node))
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
