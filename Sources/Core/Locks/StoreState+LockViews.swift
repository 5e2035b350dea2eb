/// What readers are shown of locks.
extension StoreState {
  /// A lock's time goes on by our own clock for so long after it was read; then the reading stands still until the next.
  private static let extrapolation = Duration.seconds(3)
  private static let mostTogether = 8

  func locks(_ query: LockQuery, now: Timestamp) -> LockListView {
    var view = LockListView(
      readAt: locks.servers.values.map(\.readAt).min(), took: locks.servers.values.map(\.took).max(),
      progress: locks.servers.values.map(\.progress).min(), counts: locks.counts, patterns: patternRows(now: now),
      counted: countedRows, total: locks.ranking.count,
      dropped: locks.dropped + locks.servers.values.reduce(0) { $0 + $1.dropped })
    let ranks = matching(query, now: now)
    view.matching = ranks.count
    view.offset = offset(query, ranks)
    view.rows = ranks.dropFirst(view.offset).prefix(query.limit).compactMap { rank in
      locks.records[rank.key].map { row($0, rank.key, now: now) }
    }
    return view
  }

  private func offset(_ query: LockQuery, _ ranks: [LockState.Rank]) -> Int {
    var start = query.offset
    if let following = query.following, let place = ranks.firstIndex(where: { $0.key == following }) {
      start = place < start ? place : max(start, place - query.limit + 1)
    }
    return max(0, min(start, ranks.count - query.limit))
  }

  private func matching(_ query: LockQuery, now: Timestamp) -> [LockState.Rank] {
    var ranks = locks.ranking
    if !query.filter.matchesAll {
      ranks = ranks.filter { rank in
        locks.records[rank.key].map { query.filter.matches($0, rank, in: self, now: now) } ?? false
      }
    }
    if let isBefore = order(query.order, now: now) { ranks = ranks.sorted(by: isBefore) }
    return query.isReversed ? ranks.reversed() : ranks
  }

  /// `nil` for the order in which they stand.
  private func order(
    _ order: LockQuery.Order, now: Timestamp
  ) -> ((LockState.Rank, LockState.Rank) -> Bool)? {
    switch order {
    case .severity: return nil
    case .key: return { ($0.key.key, $0.key.source) < ($1.key.key, $1.key.source) }
    case .age: return { ($0.since, $0.key.key) < ($1.since, $1.key.key) }
    case .ttl:
      let left = { (rank: LockState.Rank) -> Duration in
        locks.records[rank.key]?.observation.flatMap { ttl($0, at: now) } ?? .seconds(1 << 40)
      }
      return { (left($0), $0.key.key) < (left($1), $1.key.key) }
    case .waiters:
      let waiters = { (rank: LockState.Rank) -> Int in -(locks.records[rank.key]?.observation?.waiters ?? 0) }
      return { (waiters($0), $0.key.key) < (waiters($1), $1.key.key) }
    }
  }

  private func patternRows(now: Timestamp) -> [LockPatternRow] {
    let isExact = !locks.servers.isEmpty && locks.servers.values.allSatisfy(\.isExact)
    return locks.definitions.indices.map { index in
      let (definition, figures) = (locks.definitions[index], locks.figures[index])
      return LockPatternRow(
        pattern: definition.pattern.text, held: locks.heldByDefinition[index],
        rate: figures.acquisitions.rate(over: 30, before: now), p50: figures.holds.quantile(0.5),
        p95: figures.holds.quantile(0.95),
        contention: figures.ended > 0 ? Double(figures.contended) / Double(figures.ended) : nil, isExact: isExact,
        lease: definition.lease ?? figures.longestTTL, isLeaseConfigured: definition.lease != nil)
    }
  }

  private var countedRows: [CountedPatternRow] {
    locks.counted.indices.map { index in
      let counts = locks.servers.values.compactMap { server in
        server.counts.flatMap { $0.indices.contains(index) ? $0[index] : nil }
      }
      let changes = locks.servers.values.compactMap { $0.change(of: index) }
      return CountedPatternRow(
        pattern: locks.counted[index].text, count: counts.isEmpty ? nil : counts.reduce(0, &+),
        change: RateSum(changes).value)
    }
  }

  func row(_ record: LockRecord, _ key: LockKey, now: Timestamp) -> LockRow {
    let definition = locks.definitions[record.definition]
    let readAt = locks.servers[key.source]?.readAt ?? record.knownAt
    let instant = min(now, readAt + Self.extrapolation)
    let judgement = judgement(record, at: instant)
    let (holding, found) = (record.holding, record.observation)
    let lease = definition.lease ?? locks.figures[record.definition].longestTTL
    var row = LockRow(
      id: key, pattern: definition.pattern.text, kind: found?.kind, verdict: judgement.verdict,
      reason: judgement.reason, holders: holding?.holders ?? record.past.last?.holders ?? [],
      age: holding?.age(at: instant), ttl: holding == nil ? nil : found.flatMap { ttl($0, at: instant) },
      isImmortal: holding != nil && found != nil && found?.ttl == nil, lease: lease,
      isLeaseConfigured: definition.lease != nil, renewals: (holding ?? record.past.last)?.renewals ?? 0,
      waiters: holding == nil ? nil : found?.waiters, saga: saga(of: record).map(sagaOfLock), readAt: readAt)
    row.together = LockState.Owner(key, record).flatMap { locks.together[$0] }.map(others(than: key)) ?? []
    return row
  }

  private func others(than key: LockKey) -> ([String]) -> [String] {
    { keys in Array(keys.lazy.filter { $0 != key.key }.prefix(Self.mostTogether)) }
  }

  private func sagaOfLock(_ saga: Saga) -> LockRow.Saga {
    LockRow.Saga(
      handle: saga.handle, id: saga.keys.first?.value ?? "", type: sagas.definitions[saga.definition].definition.type,
      status: saga.summary.status)
  }

  func lock(_ key: LockKey, now: Timestamp) -> LockView? {
    guard let record = locks.records[key] else { return nil }
    return LockView(
      row: row(record, key, now: now), isHeld: record.holding != nil,
      holdings: [record.holding].compactMap { $0 } + record.past.reversed(), parts: record.parts)
  }
}
