/// What happens at the steps of one kind of saga: how many are at each, and how long the last few took.
struct StepActivity {
  /// Passages that are kept of each step.
  private static let kept = 32
  /// Older ones say nothing of how fast the step is now.
  private static let span = Duration.seconds(60)

  private struct Step {
    var waiting = 0
    /// In the order of time, the latest last.
    var passages: [(endedAt: Timestamp, duration: Duration)] = []
  }

  private var steps: [Symbol: Step] = [:]
  private(set) var lastEvent: Timestamp?

  mutating func note(_ time: Timestamp) { lastEvent = max(lastEvent ?? time, time) }

  mutating func enter(_ step: Symbol) { steps[step, default: Step()].waiting += 1 }

  mutating func leave(_ step: Symbol) { steps[step]?.waiting -= 1 }

  mutating func pass(_ step: Symbol, _ duration: Duration, endedAt: Timestamp) {
    var passages = steps[step]?.passages ?? []
    var place = passages.count
    while place > 0, passages[place - 1].endedAt > endedAt { place -= 1 }
    if passages.count == Self.kept {
      guard place > 0 else { return }
      passages.removeFirst()
      place -= 1
    }
    passages.insert((endedAt, duration), at: place)
    steps[step, default: Step()].passages = passages
  }

  func pace(of step: Symbol, usual: LogHistogram?, now: Timestamp) -> StepPace {
    let recent = (steps[step]?.passages ?? []).filter { now - $0.endedAt < Self.span }.map(\.duration).sorted()
    return StepPace(
      usual: usual?.quantile(0.5), count: usual?.count ?? 0, recent: recent.isEmpty ? nil : recent[recent.count / 2],
      recentCount: recent.count, lastPassed: steps[step]?.passages.last?.endedAt, waiting: steps[step]?.waiting ?? 0)
  }
}
