/// The last rounds of one server.
struct LockServer {
  var readAt: Timestamp
  var took: Duration
  var isExact: Bool
  var progress: Double
  var dropped: Int
  var counts: [Int]?
  let passes: Int
  /// The counts before those, and when each were first told.
  private var countsBefore: [Int]?
  private var countedAt: Timestamp?
  private var countedBeforeAt: Timestamp?

  init(_ reading: LockSample) {
    readAt = reading.time
    took = reading.took
    isExact = reading.isExact
    progress = reading.progress
    dropped = reading.dropped
    counts = reading.counts
    passes = reading.passes
    countedAt = reading.counts.map { _ in reading.time }
  }

  mutating func note(_ reading: LockSample) {
    let before = self
    self = LockServer(reading)
    (countedAt, countsBefore, countedBeforeAt) = (before.countedAt, before.countsBefore, before.countedBeforeAt)
    guard reading.counts != nil, reading.passes != before.passes else { return }
    (countsBefore, countedBeforeAt, countedAt) = (before.counts, before.countedAt, reading.time)
  }

  /// Keys per second that a counted pattern gained or lost between the last two passes.
  func change(of pattern: Int) -> Double? {
    guard let now = counts, let before = countsBefore, let end = countedAt, let start = countedBeforeAt,
      now.indices.contains(pattern), before.indices.contains(pattern), end > start
    else { return nil }
    return Double(now[pattern] - before[pattern]) / (end - start).seconds
  }
}
