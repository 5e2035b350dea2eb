import Text

/// The lag of one partition in the latest samples, oldest first.
struct LagWindow: Sendable {
  static let capacity = 30
  /// Number of samples for a slope; all pairs of them are used.
  private static let slopeSamples = 12
  /// A slope of fewer samples is not significant.
  static let minSamples = 5

  private(set) var samples: [(time: Timestamp, lag: Int64)] = []

  mutating func add(_ lag: Int64, at time: Timestamp) {
    if samples.count == Self.capacity { samples.removeFirst() }
    samples.append((time, lag))
  }

  mutating func removeAll() { samples.removeAll(keepingCapacity: true) }

  /// Growth of the lag in messages per second: the median of the slopes between all pairs of samples (Theil 1950, Sen 1968), which is
  /// robust against groups that commit in bursts. `nil` with too few samples.
  var slope: Double? {
    guard samples.count >= Self.minSamples else { return nil }
    let step = (samples.count + Self.slopeSamples - 1) / Self.slopeSamples
    // Counted from the end, so that the newest sample is included.
    let chosen = stride(from: samples.count - 1, through: 0, by: -step).map { samples[$0] }
    var slopes: [Double] = []
    for (index, later) in chosen.enumerated() {
      for earlier in chosen[(index + 1)...] {
        let seconds = (later.time - earlier.time).seconds
        if seconds > 0 { slopes.append(Double(later.lag.saturating(minus: earlier.lag)) / seconds) }
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

/// The messages that each commit left unread, of those present at the previous sample. A group that keeps up leaves none, even if it
/// commits rarely; a group that does not leaves more each time.
struct CommitBacklog: Sendable {
  static let capacity = 30
  /// Number of consecutive commits needed to judge a group that commits rarely.
  private static let leastCommits = 4

  private var samples: [(time: Timestamp, left: Int64)] = []

  mutating func note(_ left: Int64, at time: Timestamp) {
    if samples.count == Self.capacity { samples.removeFirst() }
    samples.append((time, max(0, left)))
  }

  mutating func removeAll() { samples = [] }

  /// The growth over `window`, or twice that, or over the last commits if they are rarer: from the maximum left by an early commit to the
  /// minimum left by a recent one. `nil` without growth.
  func growth(window: Duration, now: Timestamp) -> (from: Int64, to: Int64)? {
    guard samples.count > 2 else { return nil }
    return growth(over: window, now) ?? growth(over: window * 2, now) ?? growthOfLast(window: window)
  }

  /// A single commit may be late: the last third must contain two.
  private func growth(over span: Duration, _ now: Timestamp) -> (from: Int64, to: Int64)? {
    let begin = now - span
    let early = samples.filter { $0.time >= begin && $0.time < begin + span / 3 }.map(\.left)
    let late = samples.filter { $0.time > now - span / 3 }.map(\.left)
    guard late.count >= 2, let from = early.max(), let to = late.min(), to > from else { return nil }
    // While a burst is worked off, each commit leaves less than the one before.
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

/// The growth of an offset over time in few samples: dense for the recent past, sparse for older times. Offsets must only grow; if one
/// moves backwards, a new history is needed.
struct OffsetHistory: Sendable, Equatable {
  struct Sample: Sendable, Equatable {
    var time: Timestamp
    var offset: Int64
  }

  /// When a message was appended, as derived from the samples.
  enum Appended: Equatable {
    case at(Timestamp)
    /// Before the first sample.
    case before(Timestamp)
    /// Not appended yet, or unknown.
    case unknown
  }

  static let capacity = 64
  private(set) var samples: [Sample] = []

  var last: Sample? { samples.last }

  /// Only the first and last sample of a run of equal offsets are stored.
  mutating func add(_ offset: Int64, at time: Timestamp) {
    let count = samples.count
    if count >= 2, samples[count - 1].offset == offset, samples[count - 2].offset == offset {
      samples[count - 1].time = time
      return
    }
    if count == Self.capacity { thin() }
    samples.append(Sample(time: time, offset: offset))
  }

  /// Removes every second sample from the older half; the oldest stays.
  private mutating func thin() {
    let half = Self.capacity / 2
    samples = samples.enumerated().filter { index, _ in index >= half || index % 2 == 0 }.map(\.element)
  }

  /// Reduces the history to `count` samples: the newest quarter of them, and evenly chosen older ones, including the oldest.
  mutating func thin(to count: Int) {
    guard samples.count > count else { return }
    let newest = count / 4
    let (older, wanted) = (samples.count - newest, count - newest)
    samples = (0..<wanted).map { samples[$0 * older / wanted] } + samples.suffix(newest)
  }

  /// When the message with this offset was appended, interpolated between the last sample without it and the first sample with it.
  func appended(_ offset: Int64) -> Appended {
    guard let after = samples.firstIndex(where: { $0.offset > offset }) else { return .unknown }
    guard after > 0 else { return .before(samples[0].time) }
    let (low, high) = (samples[after - 1], samples[after])
    // Subtracted before the conversion: above 2^53 different offsets are equal as Double.
    let passed = offset.saturating(minus: low.offset).saturating(plus: 1)
    let share = Double(passed) / Double(high.offset.saturating(minus: low.offset))
    return .at(low.time + .seconds((high.time - low.time).seconds * share))
  }

  /// Time of the first sample that includes the message with this offset; `nil` if none does.
  func reached(_ offset: Int64) -> Timestamp? { samples.first { $0.offset > offset }?.time }

  /// Time from the first to the last sample.
  var span: Duration { (samples.last?.time ?? .distantPast) - (samples.first?.time ?? .distantPast) }

  /// Growth per second over the last `span` up to the newest sample; `nil` if less than 0.2 s was observed.
  func rate(over span: Duration) -> Double? {
    guard let last = samples.last else { return nil }
    let begin = last.time - span
    guard let first = samples.first(where: { $0.time >= begin }) else { return nil }
    let seconds = (last.time - first.time).seconds
    return seconds >= 0.2 ? Double(last.offset.saturating(minus: first.offset)) / seconds : rateOfLastStep(last)
  }

  private func rateOfLastStep(_ last: Sample) -> Double? {
    guard samples.count >= 2 else { return nil }
    let before = samples[samples.count - 2]
    let seconds = (last.time - before.time).seconds
    return seconds >= 0.2 ? Double(last.offset.saturating(minus: before.offset)) / seconds : nil
  }
}

/// A sum of rates that does not depend on their order, unlike a floating-point sum, so that the same sample always gives the same report.
/// Exact to a millionth of a message per second.
struct RateSum {
  private var millionths: Int64?

  /// `nil` if no rate was added.
  var value: Double? { millionths.map { Double($0) / 1e6 } }

  mutating func add(_ rate: Double) { millionths = (millionths ?? 0) &+ (Int64(exactly: (rate * 1e6).rounded()) ?? 0) }

  /// `nil` if a rate is unknown or there is none.
  static func whole(_ rates: [Double?]) -> Double? {
    let known = rates.compactMap(\.self)
    return known.count == rates.count ? RateSum(known).value : nil
  }

  init(_ rates: some Sequence<Double> = EmptyCollection()) { for rate in rates { add(rate) } }
}
