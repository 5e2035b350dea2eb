/// The activity at the steps of one saga type: how many sagas are at each step, and the latest durations.
struct StepActivity {
  /// Number of passages stored per step.
  private static let kept = 32
  /// Older passages are not relevant for the present speed.
  private static let span = Duration.seconds(60)
  /// Maximum number of steps; further ones are not counted, because their names may come from external input.
  private static let mostSteps = 200

  private struct Step {
    var waiting = 0
    /// In chronological order, latest last.
    var passages: [(endedAt: Timestamp, duration: Duration)] = []
    /// The last hour, one entry per span with passages, in chronological order.
    var spans: [PaceSpan] = []
  }

  // A saga has only a few steps: a linear search is faster than hashing.
  private var names: [Symbol] = []
  private var steps: [Step] = []
  private(set) var lastEvent: Timestamp?

  mutating func note(_ time: Timestamp) { lastEvent = max(lastEvent ?? time, time) }

  mutating func enter(_ step: Symbol) { if let place = place(of: step) { steps[place].waiting += 1 } }

  /// Moves an active saga from one step to the next.
  mutating func move(_ old: SagaSummary, to new: SagaSummary) {
    guard old.step != new.step, new.status.isActive else { return }
    leave(old.step)
    enter(new.step)
  }

  mutating func leave(_ step: Symbol) { if let place = names.firstIndex(of: step) { steps[place].waiting -= 1 } }

  mutating func pass(_ step: Symbol, _ duration: Duration, endedAt: Timestamp) {
    guard let index = place(of: step) else { return }
    PaceSpan.add(duration, endedAt: endedAt, to: &steps[index].spans)
    let isFull = steps[index].passages.count == Self.kept
    if isFull, let first = steps[index].passages.first, first.endedAt >= endedAt { return }
    if isFull { steps[index].passages.removeFirst() }
    var place = steps[index].passages.count
    while place > 0, steps[index].passages[place - 1].endedAt > endedAt { place -= 1 }
    steps[index].passages.insert((endedAt, duration), at: place)
  }

  func pace(of step: Symbol, usual: LogHistogram?, now: Timestamp) -> StepPace {
    var pace = StepPace(usual: usual?.quantile(0.5), count: usual?.count ?? 0)
    guard let index = names.firstIndex(of: step) else { return pace }
    let recent = steps[index].passages.filter { now - $0.endedAt < Self.span }.map(\.duration).sorted()
    pace.recent = recent.isEmpty ? nil : recent[recent.count / 2]
    pace.recentCount = recent.count
    pace.lastPassed = steps[index].passages.last?.endedAt
    pace.waiting = steps[index].waiting
    return pace
  }

  /// Steps that are slow compared with the last hour. The median over all retained sagas would adapt to a persistent slowdown.
  func slow(at now: Timestamp) -> [(step: Symbol, usual: Duration, recent: Duration)] {
    names.indices.compactMap { index in
      let recent = steps[index].passages.filter { now - $0.endedAt < Self.span }.map(\.duration).sorted()
      guard let usual = PaceSpan.usual(steps[index].spans, before: now - Self.span) else { return nil }
      var pace = StepPace(usual: usual, count: PaceSpan.evidence)
      (pace.recent, pace.recentCount) = (recent.isEmpty ? nil : recent[recent.count / 2], recent.count)
      guard pace.isSlowOfLate, let median = pace.recent else { return nil }
      return (names[index], usual, median)
    }
  }

  private mutating func place(of step: Symbol) -> Int? {
    if let place = names.firstIndex(of: step) { return place }
    guard names.count < Self.mostSteps else { return nil }
    names.append(step)
    steps.append(Step())
    return names.count - 1
  }
}

/// The durations of a step in ten seconds; the basis for its speed over the last hour.
struct PaceSpan: Sendable {
  private static let width: Int64 = 10_000_000_000
  private static let most = 360
  /// Minimum number of passages for a mean.
  static let evidence = 5

  private var number: Int64
  private var count: Int32
  /// In seconds.
  private var total: Double

  static func add(_ duration: Duration, endedAt: Timestamp, to spans: inout [PaceSpan]) {
    let number = endedAt.nanoseconds / width
    let end = end(of: number, in: spans)
    if end > 0, spans[end - 1].number == number {
      spans[end - 1].count &+= 1
      spans[end - 1].total += duration.seconds
      return
    }
    spans.insert(PaceSpan(number: number, count: 1, total: duration.seconds), at: end)
    if spans.count > most { spans.removeFirst() }
  }

  /// Index after the last span with a number that is not greater.
  private static func end(of number: Int64, in spans: [PaceSpan]) -> Int {
    if let last = spans.last, last.number <= number { return spans.count }
    var (low, high) = (0, spans.count)
    while low < high {
      let middle = (low + high) / 2
      if spans[middle].number <= number { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The mean of the span at the lower quartile, so that neither an incident nor a single fast span decides; `nil` with too little data.
  static func usual(_ spans: [PaceSpan], before instant: Timestamp) -> Duration? {
    let means = spans.filter { $0.count >= evidence && $0.number < instant.nanoseconds / width }
      .map { $0.total / Double($0.count) }.sorted()
    guard !means.isEmpty, spans.reduce(0, { $0 + Int($1.count) }) >= 4 * evidence else { return nil }
    return .seconds(means[means.count / 4])
  }
}
