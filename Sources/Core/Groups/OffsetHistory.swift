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
