/// Views of roll-backs for readers of the store.
extension StoreState {
  private static let mostConcentrations = 5
  private static let buckets = [SagaBucket.failed, .stuck, .compensating, .compensated]

  /// One compensated round of a saga.
  private struct Entry {
    var saga: Saga
    var rollBack: Compensation
  }

  mutating func compensations(_ query: CompensationQuery, now: Timestamp) -> CompensationList {
    let window = query.isPlain ? plainWindow(query) : orderedWindow(query, now: now)
    let rows = window.rows.map { compensation($0) }
    return CompensationList(
      ListWindow(
        rows, offset: window.offset, matching: window.matching, examined: window.examined, total: window.total),
      sums: compensationSums(now: now))
  }

  /// The first rows in the stored order of the lists; sagas after the window are not read.
  private func plainWindow(_ query: CompensationQuery) -> ListWindow<Entry> {
    let offset = ListPlace.start(query.offset, limit: query.limit, count: rollBacks.count, followed: nil)
    var window: [Entry] = []
    var place = 0
    walkRollBacks { entry in
      if place >= offset, window.count < query.limit { window.append(entry) }
      place += 1
      return window.count < query.limit
    }
    return ListWindow(window, offset: offset, matching: rollBacks.count)
  }

  private func orderedWindow(_ query: CompensationQuery, now: Timestamp) -> ListWindow<Entry> {
    var matching: [Entry] = []
    var examined = 0
    let names = SagaNames(self)
    walkRollBacks { entry in
      examined += 1
      if matches(query.filter, entry.saga, names, now: now) { matching.append(entry) }
      return examined < max(Self.examinedAtMost, query.limit)
    }
    let sorted = matching.sorted(isReversed: query.isReversed, by: key(query.order, now: now))
    var window = query.window(of: sorted, total: rollBacks.count) { $0.saga.handle }
    window.examined = examined
    return window
  }

  /// One per saga type with a running roll-back, sorted by type name. Reads unfinished sagas only and derives no saga.
  func oldestRollBacks() -> [OldestCompensation] {
    var oldest: [Int: Saga] = [:]
    for bucket in Self.buckets where bucket != .compensated {
      _ = sagas.lists.walk(bucket) { slot in
        guard let saga = sagas[slot: slot], let rollBack = saga.rollBack, rollBack.endedAt == nil else { return true }
        let known = oldest[saga.definition]?.rollBack?.startedAt
        if known.map({ rollBack.startedAt < $0 }) ?? true { oldest[saga.definition] = saga }
        return true
      }
    }
    return oldest.map { definition, saga in
      OldestCompensation(
        type: sagas.definitions[definition].definition.type, sagaID: saga.id,
        startedAt: saga.rollBack?.startedAt ?? saga.summary.startedAt)
    }.sorted { $0.type < $1.type }
  }

  /// The last rounds by severity, then the earlier rounds, newest first.
  private func walkRollBacks(_ body: (Entry) -> Bool) {
    for bucket in Self.buckets {
      let isWhole = sagas.lists.walk(bucket) { slot in
        guard let saga = sagas[slot: slot], let rollBack = saga.rollBack else { return true }
        return body(Entry(saga: saga, rollBack: rollBack))
      }
      if !isWhole { return }
    }
    let earlier = sagas.renewed.compactMap { sagas[slot: $0] }.flatMap { saga in
      saga.earlierRollBacks.map { Entry(saga: saga, rollBack: $0) }
    }
    let newestFirst = earlier.sorted {
      ($1.rollBack.startedAt, $1.saga.id, $1.rollBack.round) < ($0.rollBack.startedAt, $0.saga.id, $0.rollBack.round)
    }
    for entry in newestFirst where !body(entry) { return }
  }

  /// `nil` for the stored order of the lists.
  private func key(_ order: CompensationOrder, now: Timestamp) -> ((Entry) -> SortKey)? {
    switch order {
    case .severity: nil
    case .id: { .id($0.saga.id) }
    case .started: { .latest($0.rollBack.startedAt) }
    case .duration: { .number(($0.rollBack.endedAt ?? now) - $0.rollBack.startedAt) }
    case .step: { .text(symbols.name($0.rollBack.step)) }
    case .error: { .text($0.rollBack.error) }
    }
  }

  private mutating func compensation(_ entry: Entry) -> CompensationView {
    let (saga, rollBack) = (entry.saga, entry.rollBack)
    sagas.folds[saga.definition].run(saga.events)
    let state = sagas.folds[saga.definition].state
    let round = state.earlier.first { $0.number == rollBack.round } ?? state.round
    let isLast = round.number == state.round.number
    let hasFailed = round.steps.contains { $0.status == .compensationFailed }
    var view = CompensationView(
      saga: saga.handle, sagaID: saga.id, type: sagas.definitions[saga.definition].definition.type,
      failedStep: symbols.name(round.summary.failedStep), error: round.error, node: symbols.name(rollBack.node),
      undone: undone(round), owed: owed(round), startedAt: rollBack.startedAt, endedAt: rollBack.endedAt,
      outcome: rollBack.outcome, isStuck: isLast && saga.summary.flags.contains(.stuck),
      trigger: trigger(of: saga, round), attempts: max(1, round.failedUndoings + (hasFailed ? 0 : 1)))
    view.product = round.product
    view.round = round.number
    return view
  }

  private func undone(_ round: SagaRound) -> [CompensationView.Undoing] {
    round.undone.map { place in
      let step = round.steps[place]
      return .init(step: symbols.text(step.step), time: step.compensatedAt, node: symbols.name(step.compensationNode))
    }
  }

  private func owed(_ round: SagaRound) -> [CompensationView.Owed] {
    round.steps.filter { $0.isOwed || $0.status == .compensationFailed }.map { step in
      .init(
        step: symbols.text(step.step), hasFailed: step.status == .compensationFailed, time: step.compensatedAt,
        error: step.compensationError)
    }
  }

  /// An operator's earlier request is the trigger, even if it made a step fail.
  private func trigger(of saga: Saga, _ round: SagaRound) -> CompensationTrigger {
    if let asked = actions.compensation(of: saga, type: sagas.definitions[saga.definition].definition.type) {
      return .operator(asked.operator.name)
    }
    let hasFailed = round.steps.contains { $0.attempts.contains(where: \.hasFailed) }
    return round.failedStep == nil && !hasFailed && saga.failures.isEmpty ? .external : .automatic
  }
}

extension StoreState {
  func compensationSums(now: Timestamp) -> CompensationSums {
    var sums = CompensationSums()
    sums.coverage = SourceCoverage(sources.values, at: now)
    sums.compensating = sagas.total.counts.compensating
    sums.stuck = sagas.total.counts.compensating - sagas.lists.count(of: .compensating)
    sums.failed = sagas.total.counts.failed
    sums.compensated = sagas.total.counts.compensated
    (sums.startRate, sums.startHistory) = flow(rollBacks.started, now: now)
    (sums.doneRate, sums.doneHistory) = flow(rollBacks.done, now: now)
    sums.failRate = flow(rollBacks.failed, now: now).rate
    sums.mean = rollBacks.mean
    sums.p95 = rollBacks.durations.quantile(0.95)
    sums.causes = causes(now: now)
    sums.concentrations = concentrations
    if !sums.coverage.isWhole { sums.endRates() }
    return sums
  }

  private func flow(_ series: RateSeries, now: Timestamp) -> (rate: Double?, history: [Double?]) {
    let rate = series.rate(over: TypeStatistics.rateSpan, before: now, since: historyStart)
    let history = series.history(
      buckets: TypeStatistics.historyBuckets, width: TypeStatistics.historyWidth, before: now, since: historyStart)
    return (rate, history)
  }

  private func causes(now: Timestamp) -> [CompensationSums.Cause] {
    rollBacks.causes.map { cause, counted in
      CompensationSums.Cause(
        type: sagas.definitions[cause.definition].definition.type, step: symbols.name(cause.step), count: counted.count,
        rate: counted.starts.rate(over: TypeStatistics.rateSpan, before: now, since: historyStart))
    }.sorted { ($1.count, $0.type, $0.step ?? "") < ($0.count, $1.type, $1.step ?? "") }
  }

  private var concentrations: [CompensationSums.Concentration] {
    typealias Concentration = CompensationSums.Concentration
    let all = Double(max(1, rollBacks.count))
    func named(_ counts: BoundedCounts<Symbol>, _ kind: Concentration.Kind) -> [Concentration] {
      counts.counts.compactMap { symbol, count in
        symbols.name(symbol).map { .init(kind: kind, name: $0, count: count, share: Double(count) / all) }
      }
    }
    func texts(_ counts: BoundedCounts<String>, _ kind: Concentration.Kind) -> [Concentration] {
      counts.counts.map { .init(kind: kind, name: $0.key, count: $0.value, share: Double($0.value) / all) }
    }
    let kinds = Concentration.Kind.allCases
    let found =
      texts(rollBacks.errors, .error) + named(rollBacks.steps, .step) + named(rollBacks.nodes, .node)
      + texts(rollBacks.products, .product)
    let sorted = found.sorted { left, right in
      if left.count != right.count { return left.count > right.count }
      if left.kind != right.kind {
        return (kinds.firstIndex(of: left.kind) ?? 0) < (kinds.firstIndex(of: right.kind) ?? 0)
      }
      return left.name < right.name
    }
    return Array(sorted.prefix(Self.mostConcentrations))
  }
}
