/// What happens at the steps of one kind of saga: how many are at each, and how long the last few took.
struct StepActivity {
  /// Passages that are kept of each step.
  private static let kept = 32
  /// Older ones say nothing of how fast the step is now.
  private static let span = Duration.seconds(60)
  /// Steps beyond are not told apart from those that nobody is at: their names may come from outside.
  private static let mostSteps = 200

  private struct Step {
    var waiting = 0
    /// In the order of time, the latest last.
    var passages: [(endedAt: Timestamp, duration: Duration)] = []
    /// Of the last hour, one for each span with passages, in the order of time.
    var spans: [PaceSpan] = []
  }

  // A saga has a handful of steps: looking through their names is faster than hashing one.
  private var names: [Symbol] = []
  private var steps: [Step] = []
  private(set) var lastEvent: Timestamp?

  mutating func note(_ time: Timestamp) { lastEvent = max(lastEvent ?? time, time) }

  mutating func enter(_ step: Symbol) { if let place = place(of: step) { steps[place].waiting += 1 } }

  /// An active saga goes from one step to the next.
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

  /// Steps that are slow of late, held against the last hour: the median over all retained sagas would follow a slowness that stays.
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

/// How long a step took in ten seconds: enough to tell how fast it was over the last hour.
struct PaceSpan: Sendable {
  private static let width: Int64 = 10_000_000_000
  private static let most = 360
  /// Of fewer passages nothing is told.
  static let evidence = 5

  private var number: Int64
  private var count: Int32
  /// Of the seconds.
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

  /// Behind the last span that does not come after that one.
  private static func end(of number: Int64, in spans: [PaceSpan]) -> Int {
    if let last = spans.last, last.number <= number { return spans.count }
    var (low, high) = (0, spans.count)
    while low < high {
      let middle = (low + high) / 2
      if spans[middle].number <= number { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The mean of a span that was faster than three of four, so that neither an incident nor one lucky span decides; `nil` before there is
  /// enough.
  static func usual(_ spans: [PaceSpan], before instant: Timestamp) -> Duration? {
    let means = spans.filter { $0.count >= evidence && $0.number < instant.nanoseconds / width }
      .map { $0.total / Double($0.count) }.sorted()
    guard !means.isEmpty, spans.reduce(0, { $0 + Int($1.count) }) >= 4 * evidence else { return nil }
    return .seconds(means[means.count / 4])
  }
}

/// How long a step may be without progress: as defined, else learned from how long it took in ended sagas.
struct StepDeadlines {
  /// Before this many ended sagas have passed a step, nothing is learned of it.
  static let evidence = 20
  static let unlearned = Duration.seconds(30)
  static let least = Duration.seconds(10)

  /// Of further steps nothing is learned: their names may come from outside.
  private static let mostSteps = 1000

  /// Those of the first few are found without a hash: a saga has a handful of steps.
  private static let few = 16

  private var names: [Symbol] = []
  private var places: [Symbol: Int] = [:]
  private var durations: [LogHistogram] = []

  mutating func add(_ duration: StepDuration) {
    guard let place = place(of: duration.step) ?? make(duration.step) else { return }
    durations[place].add(nanoseconds: duration.nanoseconds)
  }

  mutating func remove(_ duration: StepDuration) {
    if let place = place(of: duration.step) { durations[place].remove(nanoseconds: duration.nanoseconds) }
  }

  /// How long the step took in ended sagas.
  func durations(of step: Symbol) -> LogHistogram? { place(of: step).map { durations[$0] } }

  private func place(of step: Symbol) -> Int? {
    if let place = names.firstIndex(of: step) { return place }
    return durations.count > Self.few ? places[step] : nil
  }

  private mutating func make(_ step: Symbol) -> Int? {
    guard durations.count < Self.mostSteps else { return nil }
    if names.count < Self.few { names.append(step) } else { places[step] = durations.count }
    durations.append(LogHistogram())
    return durations.count - 1
  }

  /// `nil` of a step that waits for a person, unless it is defined all the same.
  func deadline(of step: Symbol, in definition: CompiledDefinition) -> Duration? {
    if let index = definition.steps.firstIndex(of: step) {
      let defined = definition.definition.steps[index]
      if defined.deadline != nil || defined.waitsForPerson { return defined.deadline }
    }
    guard let known = durations(of: step), known.count >= Self.evidence, let p99 = known.quantile(0.99) else {
      return Self.unlearned
    }
    return max(Self.least, p99 * 5)
  }
}
