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

/// How an offset grew over time, in few samples: the recent past in full, the older the thinner. It only ever grows; whoever sees it
/// go back starts a new one.
struct OffsetHistory: Sendable, Equatable {
  struct Sample: Sendable, Equatable {
    var time: Timestamp
    var offset: Int64
  }

  /// When a message was appended, as far as the samples tell.
  enum Appended: Equatable {
    case at(Timestamp)
    /// Before the first sample.
    case before(Timestamp)
    /// Not yet, or nothing is known.
    case unknown
  }

  static let capacity = 64
  private(set) var samples: [Sample] = []

  var last: Sample? { samples.last }

  /// Of a run of equal offsets only the ends are kept.
  mutating func add(_ offset: Int64, at time: Timestamp) {
    let count = samples.count
    if count >= 2, samples[count - 1].offset == offset, samples[count - 2].offset == offset {
      samples[count - 1].time = time
      return
    }
    if count == Self.capacity { thin() }
    samples.append(Sample(time: time, offset: offset))
  }

  /// Takes every second sample out of the older half; the oldest stays.
  private mutating func thin() {
    let half = Self.capacity / 2
    samples = samples.enumerated().filter { index, _ in index >= half || index % 2 == 0 }.map(\.element)
  }

  /// Keeps the oldest, the newest ones, and some between them.
  mutating func thin(to count: Int) {
    guard samples.count > count else { return }
    let newest = count / 4
    let (older, wanted) = (samples.count - newest, count - newest)
    samples = (0..<wanted).map { samples[$0 * older / wanted] } + samples.suffix(newest)
  }

  /// When the message with this offset came: between the last sample that did not have it and the first that did.
  func appended(_ offset: Int64) -> Appended {
    guard let after = samples.firstIndex(where: { $0.offset > offset }) else { return .unknown }
    guard after > 0 else { return .before(samples[0].time) }
    let (low, high) = (samples[after - 1], samples[after])
    let share = (Double(offset) - Double(low.offset) + 1) / (Double(high.offset) - Double(low.offset))
    return .at(low.time + .nanoseconds(Int64((high.time - low.time).seconds * share * 1e9)))
  }

  /// When the message with this offset was first known to be there; `nil` where it never was.
  func reached(_ offset: Int64) -> Timestamp? { samples.first { $0.offset > offset }?.time }

  /// Growth per second over the last `span` up to the newest sample; `nil` when less than a fifth of a second was seen.
  func rate(over span: Duration) -> Double? {
    guard let last = samples.last else { return nil }
    let begin = last.time - span
    guard let first = samples.first(where: { $0.time >= begin }) else { return nil }
    let seconds = (last.time - first.time).seconds
    return seconds >= 0.2 ? Double(last.offset - first.offset) / seconds : rateOfLastStep(last)
  }

  private func rateOfLastStep(_ last: Sample) -> Double? {
    guard samples.count >= 2 else { return nil }
    let before = samples[samples.count - 2]
    let seconds = (last.time - before.time).seconds
    return seconds >= 0.2 ? Double(last.offset - before.offset) / seconds : nil
  }
}

/// A sum of rates that is the same in whichever order they come, which sums of floating-point numbers are not: one reading is to give
/// one report. Exact to a millionth of a message per second.
struct RateSum {
  private var millionths: Int64?

  /// `nil` where no rate was added.
  var value: Double? { millionths.map { Double($0) / 1e6 } }

  mutating func add(_ rate: Double) { millionths = (millionths ?? 0) &+ (Int64(exactly: (rate * 1e6).rounded()) ?? 0) }

  /// `nil` where one of the rates is not known, or there is none.
  static func whole(_ rates: [Double?]) -> Double? {
    let known = rates.compactMap(\.self)
    return known.count == rates.count ? RateSum(known).value : nil
  }

  init(_ rates: some Sequence<Double> = EmptyCollection()) { for rate in rates { add(rate) } }
}
