/// Number of occurrences in each second of the recent past, by their own time.
///
/// Covers `span` seconds up to the newest counted second; older occurrences are not counted.
package struct RateSeries: Sendable, Equatable {
  /// Ten minutes: five that are shown, and five by which an event's time may be ahead.
  package static let span: Int64 = 600

  private var counts: [Int32] = []
  private var newest = Int64.min
  private var oldest = Int64.max

  package init() {}

  /// Adds `amount` occurrences at `time`; a negative amount removes earlier ones.
  package mutating func add(_ amount: Int32, at time: Timestamp) {
    let second = Self.second(of: time)
    if counts.isEmpty { counts = Array(repeating: 0, count: Int(Self.span)) }
    advance(to: second)
    guard second > newest - Self.span else { return }
    counts[Self.index(of: second)] &+= amount
    oldest = min(oldest, second)
  }

  /// Adds the counts of the other series within the covered span.
  package mutating func merge(_ other: RateSeries) {
    oldest = min(oldest, other.oldest)
    guard other.newest != .min else { return }
    if counts.isEmpty { counts = Array(repeating: 0, count: Int(Self.span)) }
    advance(to: other.newest)
    let first = newest - Self.span + 1
    guard first <= other.newest else { return }
    for second in max(first, other.newest - Self.span + 1)...other.newest {
      counts[Self.index(of: second)] &+= other.counts[Self.index(of: second)]
    }
  }

  /// Occurrences per second in the `seconds` whole seconds before `now`, or since counting started if that is less; `nil` before. Counting
  /// starts with the first occurrence, unless `since` is given.
  package func rate(over seconds: Int64, before now: Timestamp, since: Timestamp? = nil) -> Double? {
    let end = Self.second(of: now)
    let began = since.map(Self.second) ?? oldest
    let start = max(end - seconds, began)
    guard began != .max, end > start else { return nil }
    return Double(sum(from: start, to: end)) / Double(end - start)
  }

  /// When counting started; `nil` before.
  package var began: Timestamp? { oldest == .max ? nil : Timestamp(nanoseconds: oldest &* 1_000_000_000) }

  /// The first covered second with an occurrence; `nil` if there is none.
  package var first: Timestamp? {
    guard newest != .min else { return nil }
    let second = (newest - Self.span + 1...newest).first { counts[Self.index(of: $0)] > 0 }
    return second.map { Timestamp(nanoseconds: $0 &* 1_000_000_000) }
  }

  /// The last covered second with an occurrence; `nil` if there is none.
  package var last: Timestamp? {
    guard newest != .min else { return nil }
    let second = stride(from: newest, to: newest - Self.span, by: -1).first { counts[Self.index(of: $0)] > 0 }
    return second.map { Timestamp(nanoseconds: $0 &* 1_000_000_000) }
  }

  /// Number of occurrences in the `seconds` whole seconds before `now`.
  package func count(over seconds: Int64, before now: Timestamp) -> Int {
    let end = Self.second(of: now)
    return max(0, sum(from: end - seconds, to: end))
  }

  /// Occurrences per second in the last `buckets` whole intervals of `width` seconds before `now`, oldest first. Intervals are aligned to
  /// multiples of `width`, so that a past value never changes. `nil` before counting started.
  package func history(
    buckets: Int, width: Int64, before now: Timestamp, since: Timestamp? = nil
  ) -> [Double?] {
    let end = Self.second(of: now) / width * width
    let began = since.map(Self.second) ?? oldest
    return (0..<Int64(buckets)).map { index in
      let start = end - (Int64(buckets) - index) * width
      guard began != .max, start + width > began else { return nil }
      return Double(sum(from: start, to: start + width)) / Double(width)
    }
  }

  private mutating func advance(to second: Int64) {
    guard second > newest else { return }
    if newest != .min {
      for passed in max(newest + 1, second - Self.span + 1)...second { counts[Self.index(of: passed)] = 0 }
    }
    newest = second
  }

  private func sum(from start: Int64, to end: Int64) -> Int {
    guard newest != .min else { return 0 }
    let first = max(start, newest - Self.span + 1)
    let last = min(end - 1, newest)
    guard first <= last else { return 0 }
    return (first...last).reduce(0) { $0 + Int(counts[Self.index(of: $1)]) }
  }

  private static func second(of time: Timestamp) -> Int64 {
    let (second, rest) = time.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    return rest < 0 ? second - 1 : second
  }

  private static func index(of second: Int64) -> Int {
    Int((second % span + span) % span)
  }
}
