/// The lag of one partition in the latest readings, oldest first.
struct LagWindow: Sendable {
  static let capacity = 30
  /// As many as a slope is taken from: all pairs of these.
  private static let slopeSamples = 12
  /// A slope of fewer is chance.
  static let minSamples = 5

  private(set) var samples: [(time: Timestamp, lag: Int64)] = []

  mutating func add(_ lag: Int64, at time: Timestamp) {
    if samples.count == Self.capacity { samples.removeFirst() }
    samples.append((time, lag))
  }

  mutating func removeAll() { samples.removeAll(keepingCapacity: true) }

  /// Messages per second by which the lag grows: the median of the slopes between all pairs of readings (Theil 1950, Sen 1968), which
  /// a group that commits in bursts does not mislead. `nil` with too few readings.
  var slope: Double? {
    guard samples.count >= Self.minSamples else { return nil }
    let step = (samples.count + Self.slopeSamples - 1) / Self.slopeSamples
    // Counted from the end, so that the newest reading is among them.
    let chosen = stride(from: samples.count - 1, through: 0, by: -step).map { samples[$0] }
    var slopes: [Double] = []
    for (index, later) in chosen.enumerated() {
      for earlier in chosen[(index + 1)...] {
        let seconds = (later.time - earlier.time).seconds
        if seconds > 0 { slopes.append(Double(later.lag - earlier.lag) / seconds) }
      }
    }
    return Self.median(of: &slopes)
  }

  private static func median(of values: inout [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    values.sort()
    let middle = values.count / 2
    return values.count % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2
  }
}

/// What each commit left unread of the messages that had been there at the reading before. A group that keeps up leaves nothing, however
/// seldom it commits; one that does not leaves more each time.
struct CommitBacklog: Sendable {
  static let capacity = 30
  /// So many commits in a row tell of a group that commits seldom.
  private static let leastCommits = 4

  private var samples: [(time: Timestamp, left: Int64)] = []

  mutating func note(_ left: Int64, at time: Timestamp) {
    if samples.count == Self.capacity { samples.removeFirst() }
    samples.append((time, max(0, left)))
  }

  mutating func removeAll() { samples = [] }

  /// Its growth over a window of `window`, or twice as long, or over the last commits where those are rarer: from the most that a commit left
  /// at first to the least that one left lately. `nil` where it did not grow.
  func growth(window: Duration, now: Timestamp) -> (from: Int64, to: Int64)? {
    guard samples.count > 2 else { return nil }
    return growth(over: window, now) ?? growth(over: window * 2, now) ?? growthOfLast(window: window)
  }

  /// One commit alone may be late: the last third must have seen two.
  private func growth(over span: Duration, _ now: Timestamp) -> (from: Int64, to: Int64)? {
    let begin = now - span
    let early = samples.filter { $0.time >= begin && $0.time < begin + span / 3 }.map(\.left)
    let late = samples.filter { $0.time > now - span / 3 }.map(\.left)
    guard late.count >= 2, let from = early.max(), let to = late.min(), to > from else { return nil }
    // A burst that is being worked off leaves less from one commit to the next.
    let middle = samples.filter { $0.time >= begin + span / 3 && $0.time <= now - span / 3 }.map(\.left).max() ?? 0
    guard let most = late.max(), Double(most) >= Double(middle) * 0.9 else { return nil }
    return (from, to)
  }

  private func growthOfLast(window: Duration) -> (from: Int64, to: Int64)? {
    let last = samples.suffix(Self.leastCommits)
    guard last.count == Self.leastCommits, let first = last.first, let end = last.last, end.time - first.time > window,
      zip(last, last.dropFirst()).allSatisfy({ $0.left < $1.left })
    else { return nil }
    return (first.left, end.left)
  }
}
