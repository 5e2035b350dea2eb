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
  }

  // A saga has a handful of steps: looking through their names is faster than hashing one.
  private var names: [Symbol] = []
  private var steps: [Step] = []
  private(set) var lastEvent: Timestamp?

  mutating func note(_ time: Timestamp) { lastEvent = max(lastEvent ?? time, time) }

  mutating func enter(_ step: Symbol) { if let place = place(of: step) { steps[place].waiting += 1 } }

  mutating func leave(_ step: Symbol) { if let place = names.firstIndex(of: step) { steps[place].waiting -= 1 } }

  mutating func pass(_ step: Symbol, _ duration: Duration, endedAt: Timestamp) {
    guard let index = place(of: step) else { return }
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

  private mutating func place(of step: Symbol) -> Int? {
    if let place = names.firstIndex(of: step) { return place }
    guard names.count < Self.mostSteps else { return nil }
    names.append(step)
    steps.append(Step())
    return names.count - 1
  }
}
