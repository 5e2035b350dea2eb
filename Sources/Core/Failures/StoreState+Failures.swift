/// Updates failure patterns when sagas change: each saga stores what was counted for it.
extension StoreState {
  /// Updates the counts for a saga that was just folded.
  mutating func countFailures(of saga: Saga) {
    guard sagas.folds[saga.definition].hasFailures() || !saga.failures.isEmpty else { return }
    let found = sagas.folds[saga.definition].failures
    guard !found.elementsEqual(saga.failures.lazy.map(\.failure)) else { return }
    var before = saga.failures
    saga.failures = found.map { failure in
      if let known = before.firstIndex(where: { $0.failure == failure }) { return before.remove(at: known) }
      return failures.add(failure, of: saga.handle.slot)
    }
    for mark in before { failures.takeBack(mark, of: saga.handle.slot) }
  }

  mutating func takeBackFailures(of saga: Saga) {
    for mark in saga.failures { failures.takeBack(mark, of: saga.handle.slot) }
    saga.failures = []
  }

  mutating func forgetFailures(of saga: Saga) {
    for mark in saga.failures { failures.forget(mark, of: saga.handle.slot) }
    saga.failures = []
  }
}

/// Views of failures for readers of the store.
extension StoreState {
  private static let newFor = Duration.seconds(300)
  /// Approximate maximum of sagas searched for the samples of one pattern.
  private static let mostSampled = 1000

  mutating func failures(_ query: FailureQuery, now: Timestamp) -> FailureList {
    let all = failures.all
    for pattern in all where pattern.isUnsure { settle(pattern) }
    let matching = failures.all.filter {
      query.filter.matchesAll || query.filter.matches(FailureCandidate(pattern: $0, symbols: symbols), now: now)
    }
    .sorted { ($1.count, $0.text) < ($0.count, $1.text) }
    .sorted(isReversed: query.isReversed, by: key(query.order, now: now))
    let window = query.window(of: matching, total: failures.count, id: \.id)
    var list = FailureList(
      ListWindow(offset: window.offset, matching: window.matching, total: window.total),
      failures: all.reduce(0) { $0 + $1.count } + failures.dropped, dropped: failures.dropped)
    list.coverage = SourceCoverage(sources.values, at: now)
    list.window.rows = window.rows.map { pattern in
      var row = row(pattern, now: now)
      row.coverage = list.coverage
      // Without current data from all sources there is no rate.
      if !list.coverage.isWhole { row.rate = nil }
      return row
    }
    return list
  }

  /// Recomputes first and last from the sagas; only needed after a removal, which is rare.
  private mutating func settle(_ pattern: FailurePattern) {
    let times = pattern.sagas.keys.compactMap { sagas[slot: $0] }.flatMap(\.failures)
      .filter { $0.pattern == pattern.id }.map(\.failure.time)
    failures.settle(pattern.id, first: times.min(), last: times.max())
  }

  /// `nil` for the default order, most frequent first.
  private func key(_ order: FailureOrder, now: Timestamp) -> ((FailurePattern) -> SortKey)? {
    switch order {
    case .count: nil
    case .rate: { .number($0.rates.rate(over: TypeStatistics.rateSpan, before: now, since: historyStart)) }
    case .last: { .latest($0.last) }
    case .first: { .latest($0.first) }
    case .pattern: { .text($0.text) }
    }
  }

  private func row(_ pattern: FailurePattern, now: Timestamp) -> FailurePatternRow {
    let first = pattern.first ?? now
    return FailurePatternRow(
      id: pattern.id, pattern: pattern.text, example: pattern.example, count: pattern.count,
      isLowerBound: pattern.missedAtMost > 0, sagas: pattern.sagas.count,
      rate: pattern.rates.rate(over: TypeStatistics.rateSpan, before: now, since: historyStart),
      history: pattern.rates.history(
        buckets: TypeStatistics.historyBuckets, width: TypeStatistics.historyWidth, before: now,
        since: historyStart),
      firstAt: first, lastAt: pattern.last ?? first, isNew: isNew(since: first, now: now),
      steps: pattern.steps.named(symbols), nodes: pattern.nodes.named(symbols), samples: samples(of: pattern))
  }

  private func isNew(since first: Timestamp, now: Timestamp) -> Bool {
    guard let historyStart else { return false }
    let age = max(.zero, now - first)
    return age <= Self.newFor && first - historyStart >= age
  }

  /// For a frequent pattern only a fixed subset of the sagas is searched.
  private func samples(of pattern: FailurePattern) -> [FailurePatternRow.Sample] {
    let share = UInt32(clamping: pattern.sagas.count / Self.mostSampled + 1)
    // Neighbouring slots may alternate between kinds of sagas, so the selection hashes them.
    let looked = pattern.sagas.keys.filter { share == 1 || UInt32(bitPattern: $0) &* 2_654_435_761 % share == 0 }
    return looked.compactMap { sagas[slot: $0] }
      .sorted { ($1.summary.updatedAt, $1.handle.generation) < ($0.summary.updatedAt, $0.handle.generation) }
      .prefix(FailurePatterns.examples).map { .init(saga: $0.handle, id: $0.id) }
  }
}
