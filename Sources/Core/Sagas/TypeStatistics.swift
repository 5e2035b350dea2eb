/// Sums over the retained sagas of one type. Added values can be removed again, so the sums always match the sagas.
struct TypeStatistics {
  private(set) var counts = TypeView.Counts()
  private var durations = LogHistogram()
  private var starts = RateSeries()
  private var ends = RateSeries()
  /// The ends that count for the completion rate, and the completed ones among them.
  private var judged = RateSeries()
  private var completed = RateSeries()
  private var failed = RateSeries()

  static let historyBuckets = 60
  static let historyWidth: Int64 = 5
  static let rateSpan: Int64 = 60
  /// The span of "recent" values in seconds: five minutes.
  static let recentSpan: Int64 = 300

  mutating func add(_ summary: SagaSummary, earlier: [SagaSummary] = []) {
    count(summary, 1)
    for round in earlier { flow(round, 1) }
  }

  mutating func remove(_ summary: SagaSummary, earlier: [SagaSummary] = []) {
    count(summary, -1)
    for round in earlier { flow(round, -1) }
  }

  /// Whether both summaries contribute the same values to the sums.
  static func counts(_ old: SagaSummary, as new: SagaSummary) -> Bool {
    old.status == new.status && old.flags == new.flags && old.startedAt == new.startedAt && old.endedAt == new.endedAt
      && old.isAtMost == new.isAtMost
  }

  mutating func merge(_ other: TypeStatistics) {
    counts.add(other.counts)
    durations.merge(other.durations)
    starts.merge(other.starts)
    ends.merge(other.ends)
    judged.merge(other.judged)
    completed.merge(other.completed)
    failed.merge(other.failed)
  }

  /// Removes a dropped saga from the counts; its start and end remain in the rates.
  mutating func forget(_ summary: SagaSummary, earlier: [SagaSummary] = []) {
    remove(summary, earlier: earlier)
    for round in [summary] + earlier {
      if !round.flags.contains(.incomplete) { starts.add(1, at: round.startedAt) }
      countEnd(of: round, 1)
    }
  }

  private mutating func count(_ summary: SagaSummary, _ amount: Int) {
    switch summary.status {
    case .running: counts.running += amount
    case .completed: counts.completed += amount
    case .compensating: counts.compensating += amount
    case .compensated: counts.compensated += amount
    case .failed: counts.failed += amount
    case .declined: counts.declined += amount
    case .ended: counts.ended += amount
    }
    if summary.flags.contains(.stuck) { counts.stuck += amount }
    flow(summary, amount)
  }

  /// Each round of a saga has its own start and duration; the saga is counted once, with its last round.
  private mutating func flow(_ summary: SagaSummary, _ amount: Int) {
    if summary.status == .completed, let duration = summary.duration {
      if amount > 0 { durations.add(duration) } else { durations.remove(duration) }
    }
    if !summary.flags.contains(.incomplete) { starts.add(Int32(amount), at: summary.startedAt) }
    countEnd(of: summary, Int32(amount))
  }

  private mutating func countEnd(of summary: SagaSummary, _ amount: Int32) {
    guard !summary.status.isActive, let end = summary.endedAt else { return }
    ends.add(amount, at: end)
    if summary.status == .completed { completed.add(amount, at: end) }
    if summary.status == .failed { failed.add(amount, at: end) }
    if [.completed, .compensated, .failed].contains(summary.status) { judged.add(amount, at: end) }
  }

  func view(type: String, now: Timestamp) -> TypeView {
    // Declined sagas and sagas with an unknown end do not count for the success rate.
    let ended = counts.completed + counts.compensated + counts.failed
    var view = TypeView(
      type: type, counts: counts, startRate: starts.rate(over: Self.rateSpan, before: now),
      completionRate: ended == 0 ? nil : Double(counts.completed) / Double(ended),
      p50: durations.quantile(0.5), p95: durations.quantile(0.95), p99: durations.quantile(0.99),
      startHistory: starts.history(buckets: Self.historyBuckets, width: Self.historyWidth, before: now))
    // If all sagas started before the first event that was read, counting starts with the first end.
    let began = starts.began ?? ends.first
    view.endRate = began.flatMap { ends.rate(over: Self.rateSpan, before: now, since: $0) }
    view.lastEnd = ends.last
    view.recentEnds = judged.count(over: Self.recentSpan, before: now)
    view.recentCompletions = completed.count(over: Self.recentSpan, before: now)
    view.recentFailures = failed.count(over: Self.recentSpan, before: now)
    return view
  }
}
