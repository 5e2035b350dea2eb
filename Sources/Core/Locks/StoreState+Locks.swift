import Text

/// Locks and the sagas they belong to.
extension StoreState {
  /// How long a lost lock is reported, unless its saga ends earlier.
  private static let lostFor = Duration.seconds(300)

  /// The index may come from a recording of another system; an invalid one is ignored.
  mutating func fold(_ found: LockObservation, of reading: LockSample) {
    guard locks.definitions.indices.contains(found.definition) else { return }
    locks.fold(found, of: reading).map { judge($0, at: reading.time) }
  }

  mutating func fold(_ event: LockEvent, of reading: LockSample) {
    guard locks.definitions.indices.contains(event.definition) else { return }
    locks.fold(event, of: reading).map { judge($0, at: reading.time) }
  }

  mutating func fold(gone key: String, of reading: LockSample) {
    locks.fold(gone: key, of: reading).map { judge($0, at: reading.time) }
  }

  /// Last call of a round: returns the ranks to sort. A saga that has made progress was not harmed by the loss of its lock.
  mutating func finish(_ reading: LockSample) -> [LockState.Rank] {
    for (key, record) in locks.records where record.verdict == .lost { judge(key, at: reading.time) }
    return locks.finish(reading)
  }

  private mutating func judge(_ key: LockKey, at time: Timestamp) {
    guard let record = locks.records[key] else { return }
    locks.judge(key, judgement(record, at: time))
  }

  func saga(of record: LockRecord) -> Saga? {
    for link in lockLinks.of(record.definition) {
      guard let value = link.value(of: record.parts) else { continue }
      let key = SagaKey(identity: link.identity, value: value)
      if let saga = sagas[link.definition, key] { return saga }
    }
    return nil
  }

  /// A free lock is `held` unless it was lost, so that nothing is reported.
  func judgement(_ record: LockRecord, at now: Timestamp) -> LockJudge.Judgement {
    let saga = saga(of: record)
    guard let holding = record.holding else {
      return lost(record, saga, at: now) ?? .init(verdict: .held, reason: "free")
    }
    guard let found = record.observation else {
      return .init(verdict: .held, reason: "held for \(holding.age(at: now).phrase)")
    }
    let definition = locks.definitions[record.definition]
    return LockJudge.judge(
      .init(
        age: holding.age(at: now), ttl: ttl(found, at: now), lease: definition.lease,
        leaseEstimate: record.longestTTL, maxAge: definition.maxAge,
        renewals: holding.renewals, waiters: found.waiters, saga: saga.map { fact($0, at: now) }))
  }

  /// A lock is lost only if its saga has made no progress since it expired.
  private func lost(_ record: LockRecord, _ saga: Saga?, at now: Timestamp) -> LockJudge.Judgement? {
    guard let expiredAt = record.expiredAt, let saga, saga.summary.status.isActive,
      saga.summary.progressAt ?? saga.summary.startedAt <= expiredAt, now - expiredAt < Self.lostFor,
      let last = record.past.last
    else { return nil }
    return LockJudge.judge(
      .init(age: last.age(at: now), saga: fact(saga, at: now), expired: max(.zero, now - expiredAt)))
  }

  private func fact(_ saga: Saga, at now: Timestamp) -> LockJudge.SagaFact {
    let summary = saga.summary
    let last = summary.status.isActive ? summary.progressAt ?? summary.startedAt : summary.endedAt ?? summary.updatedAt
    return .init(
      id: saga.id, isActive: summary.status.isActive, quietFor: max(.zero, now - last))
  }

  func ttl(_ found: LockObservation, at now: Timestamp) -> Duration? {
    found.ttl.map { max(.zero, $0 - max(.zero, now - found.time)) }
  }
}

/// Views of locks for readers of the store.
extension StoreState {
  /// How long ages and times to live are extrapolated after a sample; then they stop until the next one.
  private static let extrapolation = Duration.seconds(3)
  private static let mostTogether = 8

  func locks(_ query: LockQuery, now: Timestamp) -> LockList {
    let ranks = query.window(of: matching(query, now: now), total: locks.ranking.count) { $0.key }
    let rows = ranks.rows.compactMap { rank in locks.records[rank.key].map { row($0, rank.key, now: now) } }
    var list = LockList(
      ListWindow(rows, offset: ranks.offset, matching: ranks.matching, total: ranks.total),
      readAt: locks.servers.values.map(\.readAt).min(), took: locks.servers.values.map(\.took).max(),
      progress: locks.servers.values.map(\.progress).min(), counts: locks.counts, patterns: patternRows(now: now),
      counted: countedRows, dropped: locks.servers.values.reduce(locks.dropped) { $0.saturating(plus: $1.dropped) })
    list.coverage = SourceCoverage(sources.values, of: .redis, at: now)
    guard !list.coverage.isWhole else { return list }
    // Without current data from all servers there are no rates.
    for place in list.patterns.indices { list.patterns[place].rate = nil }
    for place in list.counted.indices { list.counted[place].change = nil }
    return list
  }

  private func matching(_ query: LockQuery, now: Timestamp) -> [LockState.Rank] {
    var ranks = locks.ranking
    if !query.filter.matchesAll {
      ranks = ranks.filter { rank in
        candidate(rank, now: now).map { query.filter.matches($0, now: now) } ?? false
      }
    }
    return ranks.sorted(isReversed: query.isReversed, by: key(query.order, now: now))
  }

  private func candidate(_ rank: LockState.Rank, now: Timestamp) -> LockCandidate? {
    locks.records[rank.key].map { record in
      LockCandidate(
        rank: rank, record: record, pattern: locks.definitions[record.definition].pattern.text,
        ttl: record.holding == nil ? nil : record.observation.flatMap { ttl($0, at: now) })
    }
  }

  /// `nil` for the stored order.
  private func key(_ order: LockOrder, now: Timestamp) -> ((LockState.Rank) -> SortKey)? {
    switch order {
    case .severity: nil
    case .key: { .text($0.key.key) }
    case .age: { .earliest($0.since) }
    case .ttl:
      // Shortest first.
      { rank in .number(locks.records[rank.key]?.observation.flatMap { ttl($0, at: now) }.map { -$0.seconds }) }
    case .waiters: { .number(locks.records[$0.key]?.observation?.waiters) }
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
        pattern: locks.counted[index].text, count: counts.isEmpty ? nil : counts.reduce(0) { $0.saturating(plus: $1) },
        change: RateSum(changes).value)
    }
  }

  func row(_ record: LockRecord, _ key: LockKey, now: Timestamp) -> LockRow {
    let definition = locks.definitions[record.definition]
    let readAt = locks.servers[key.source]?.readAt ?? record.knownAt
    let instant = min(now, readAt + Self.extrapolation)
    let (holding, found) = (record.holding, record.observation)
    let lease = definition.lease ?? locks.figures[record.definition].longestTTL
    var row = LockRow(
      id: key, pattern: definition.pattern.text, kind: found?.kind, verdict: record.verdict,
      reason: record.judgement.reason, holders: holding?.holders ?? record.past.last?.holders ?? [],
      age: holding?.age(at: instant), ttl: holding == nil ? nil : found.flatMap { ttl($0, at: instant) },
      isImmortal: holding != nil && found != nil && found?.ttl == nil, lease: lease,
      isLeaseConfigured: definition.lease != nil, renewals: (holding ?? record.past.last)?.renewals ?? 0,
      waiters: holding == nil ? nil : found?.waiters, saga: saga(of: record).map { sagaOfLock($0) }, readAt: readAt)
    row.together = LockState.Owner(key, record).flatMap { locks.together[$0] }.map(others(than: key)) ?? []
    row.servers = locks.servers.count
    if let token = record.holding?.holders.first?.token { row.elsewhere = servers(of: token, but: key) }
    return row
  }

  /// The other servers on which the same token holds the same key.
  private func servers(of token: String, but key: LockKey) -> [String] {
    guard locks.servers.count > 1 else { return [] }
    return locks.servers.keys.sorted().filter { source in
      let record = source == key.source ? nil : locks.records[LockKey(source: source, key: key.key)]
      return record?.holding?.holders.first?.token == token
    }
  }

  private func others(than key: LockKey) -> ([String]) -> [String] {
    { keys in Array(keys.lazy.filter { $0 != key.key }.prefix(Self.mostTogether)) }
  }

  private func sagaOfLock(_ saga: Saga) -> LockRow.Saga {
    LockRow.Saga(
      handle: saga.handle, id: saga.id, type: sagas.definitions[saga.definition].definition.type,
      status: saga.summary.status)
  }

  func lock(_ key: LockKey, now: Timestamp) -> LockView? {
    guard let record = locks.records[key] else { return nil }
    return LockView(
      row: row(record, key, now: now), isHeld: record.holding != nil,
      holdings: [record.holding].compactMap { $0 } + record.past.reversed(), parts: record.parts)
  }
}

/// One lock with its history.
package struct LockView: Sendable, Equatable {
  package var row: LockRow
  package var isHeld: Bool
  /// The current holding first, then the past ones, newest first.
  package var holdings: [LockHolding]
  /// The named parts of its key.
  package var parts: [LockPattern.Part]

  package init(row: LockRow, isHeld: Bool = true, holdings: [LockHolding] = [], parts: [LockPattern.Part] = []) {
    self.row = row
    self.isHeld = isHeld
    self.holdings = holdings
    self.parts = parts
  }
}
