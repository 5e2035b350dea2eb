/// What readers are shown of roll-backs.
extension StoreState {
  private static let mostConcentrations = 5
  private static let buckets = [SagaBucket.failed, .stuck, .compensating, .compensated]

  mutating func compensations(_ query: CompensationQuery, now: Timestamp) -> CompensationList {
    let window = query.isPlain ? plainWindow(query) : orderedWindow(query, now: now)
    let rows = window.rows.compactMap { sagas[$0] }.map { compensation($0) }
    return CompensationList(
      ListWindow(
        rows, offset: window.offset, matching: window.matching, examined: window.examined, total: window.total),
      sums: compensationSums(now: now))
  }

  /// The first rows in the order in which the lists hold them: no saga behind the window is touched.
  private func plainWindow(_ query: CompensationQuery) -> ListWindow<SagaHandle> {
    let offset = ListPlace.start(query.offset, limit: query.limit, count: rollBacks.count, followed: nil)
    var window: [SagaHandle] = []
    var place = 0
    walkRollBacks { saga in
      if place >= offset, window.count < query.limit { window.append(saga.handle) }
      place += 1
      return window.count < query.limit
    }
    return ListWindow(window, offset: offset, matching: rollBacks.count)
  }

  private func orderedWindow(_ query: CompensationQuery, now: Timestamp) -> ListWindow<SagaHandle> {
    var matching: [Saga] = []
    var examined = 0
    walkRollBacks { saga in
      examined += 1
      if query.filter.matchesAll || query.filter.matches(saga, in: self, now: now) { matching.append(saga) }
      return examined < Self.examinedAtMost
    }
    let sorted = matching.sorted(isReversed: query.isReversed, by: key(query.order, now: now)).map(\.handle)
    var window = query.window(of: sorted, total: rollBacks.count) { $0 }
    window.examined = examined
    return window
  }

  /// One per type of saga that has any, by the type's name. Looks at what is not over, and derives no saga.
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
        type: sagas.definitions[definition].definition.type, sagaID: saga.keys.first?.value ?? "",
        startedAt: Self.start(of: saga))
    }.sorted { $0.type < $1.type }
  }

  private func walkRollBacks(_ body: (Saga) -> Bool) {
    for bucket in Self.buckets {
      let isWhole = sagas.lists.walk(bucket) { slot in
        guard let saga = sagas[slot: slot], saga.rollBack != nil else { return true }
        return body(saga)
      }
      if !isWhole { return }
    }
  }

  /// `nil` for the order in which the lists hold them.
  private func key(_ order: CompensationOrder, now: Timestamp) -> ((Saga) -> SortKey)? {
    switch order {
    case .severity: nil
    case .id: { .id($0.keys.first?.value ?? "") }
    case .started: { .latest(Self.start(of: $0)) }
    case .duration: { .number(($0.rollBack?.endedAt ?? now) - Self.start(of: $0)) }
    case .step: { .text(symbols.name($0.summary.failedStep)) }
    case .error: { .text($0.summary.error) }
    }
  }

  private static func start(of saga: Saga) -> Timestamp { saga.rollBack?.startedAt ?? saga.summary.progressAt }

  private mutating func compensation(_ saga: Saga) -> CompensationView {
    sagas.folds[saga.definition].run(saga.events)
    let fold = sagas.folds[saga.definition]
    let hasFailed = fold.steps.contains { $0.status == .compensationFailed }
    var view = CompensationView(
      saga: saga.handle, sagaID: saga.keys.first?.value ?? "", type: sagas.definitions[saga.definition].definition.type,
      failedStep: symbols.name(saga.summary.failedStep), error: saga.summary.error,
      node: saga.rollBack.flatMap { symbols.name($0.node) }, undone: undone(fold), owed: owed(fold),
      startedAt: saga.rollBack?.startedAt ?? saga.summary.progressAt, endedAt: saga.summary.endedAt,
      outcome: saga.summary.status, isStuck: saga.summary.flags.contains(.stuck), trigger: trigger(of: saga),
      attempts: max(1, fold.progress.failedUndoings + (hasFailed ? 0 : 1)))
    view.product = fold.progress.product
    return view
  }

  private func undone(_ fold: SagaFold) -> [CompensationView.Undoing] {
    fold.undone.map { place in
      let step = fold.storage[place]
      return .init(step: symbols.text(step.step), time: step.compensatedAt, node: symbols.name(step.compensationNode))
    }
  }

  private func owed(_ fold: SagaFold) -> [CompensationView.Owed] {
    fold.steps.filter { $0.status == .compensating || $0.status == .compensationFailed }.map { step in
      .init(
        step: symbols.text(step.step), hasFailed: step.status == .compensationFailed, time: step.compensatedAt,
        error: step.compensationError)
    }
  }

  /// Whoever asked for it before it began set it off, even where a step was made to fail for it.
  private func trigger(of saga: Saga) -> CompensationTrigger {
    if let asked = actions.compensation(of: saga, type: sagas.definitions[saga.definition].definition.type) {
      return .operator(asked.operator.name)
    }
    return saga.summary.failedStep.isNone && saga.failures.isEmpty ? .external : .automatic
  }
}

/// Sums.
extension StoreState {
  func compensationSums(now: Timestamp) -> CompensationSums {
    var sums = CompensationSums()
    sums.compensating = sagas.total.counts.compensating
    sums.stuck = sagas.total.counts.compensating - sagas.lists.count(of: .compensating)
    sums.failed = sagas.total.counts.failed
    sums.compensated = sagas.total.counts.compensated
    (sums.startRate, sums.startHistory) = flow(rollBacks.started, now: now)
    (sums.doneRate, sums.doneHistory) = flow(rollBacks.done, now: now)
    (sums.failRate, sums.failHistory) = flow(rollBacks.failed, now: now)
    sums.mean = rollBacks.mean
    sums.p95 = rollBacks.durations.quantile(0.95)
    sums.causes = causes(now: now)
    sums.concentrations = concentrations
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
