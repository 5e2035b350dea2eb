/// What one node did in the retained sagas.
struct NodeRecord: Sendable {
  /// Sagas that it worked on.
  private(set) var sagas = 0
  private(set) var completed = 0
  private(set) var failed = 0
  private(set) var undone = 0
  /// Sagas that it took on, of which no step tells its node.
  private(set) var taken = 0
  private(set) var durations = LogHistogram()
  private(set) var rates = RateSeries()
  /// Attempts per step: by these its share is judged.
  private(set) var steps = BoundedCounts<Symbol>()
  /// How long it takes for each step that it completes.
  private(set) var paces: [Symbol: LogMoments] = [:]
  private(set) var firstAt: Timestamp?
  private(set) var lastAt: Timestamp?

  var works: Int { completed + failed + undone + taken }
  var isEmpty: Bool { works == 0 && sagas == 0 }

  mutating func noteSaga(_ amount: Int) { sagas += amount }

  mutating func add(_ work: NodeWork) {
    count(work, 1)
    rates.add(1, at: work.endedAt)
    firstAt = min(firstAt ?? work.endedAt, work.endedAt)
    lastAt = max(lastAt ?? work.endedAt, work.endedAt)
  }

  /// It was found not to have happened after all.
  mutating func takeBack(_ work: NodeWork) {
    count(work, -1)
    rates.add(-1, at: work.endedAt)
  }

  /// Its saga is not retained any more.
  mutating func leave(_ work: NodeWork) { count(work, -1) }

  private mutating func count(_ work: NodeWork, _ amount: Int) {
    switch work.kind {
    case .completed: completed += amount
    case .failed: failed += amount
    case .undone: undone += amount
    case .taken: taken += amount
    }
    if let nanoseconds = work.nanoseconds {
      if work.kind == .completed { pace(work.step, nanoseconds, amount) }
      if amount > 0 { durations.add(nanoseconds: nanoseconds) } else { durations.remove(nanoseconds: nanoseconds) }
    }
    guard work.kind != .undone else { return }
    if amount > 0 { steps.add(work.step) } else { steps.remove(work.step) }
  }

  private static let mostPaces = 64

  private mutating func pace(_ step: Symbol, _ nanoseconds: Int64, _ amount: Int) {
    if amount > 0 {
      guard paces[step] != nil || paces.count < Self.mostPaces else { return }
      paces[step, default: LogMoments()].add(nanoseconds: nanoseconds)
    } else {
      paces[step]?.remove(nanoseconds: nanoseconds)
      if paces[step]?.count == 0 { paces[step] = nil }
    }
  }
}
