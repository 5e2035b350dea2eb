/// Counts durations in buckets that widen with the value: quantiles are accurate to 1.6 %.
///
/// Values can be removed again and histograms can be added, so that sums over sagas stay exact when a late event changes one of them.
/// Covers 1 µs to 12 days; values outside count at the nearer end.
package struct LogHistogram: Sendable, Equatable {
  private static let subBits = 5
  private static let bucketCount = 36 << subBits

  private var buckets: [Int32] = []
  /// No bucket above this index has ever contained a value.
  private var top = 0
  package private(set) var count = 0

  package init() {}

  /// Compares the current values, regardless of earlier content.
  package static func == (left: LogHistogram, right: LogHistogram) -> Bool {
    left.count == right.count && left.buckets == right.buckets
  }

  package mutating func add(_ duration: Duration) { add(nanoseconds: duration.nanosecondsClamped) }

  package mutating func add(nanoseconds: Int64) {
    makeRoom()
    let bucket = Self.bucket(of: nanoseconds)
    buckets[bucket] &+= 1
    top = max(top, bucket)
    count += 1
  }

  private mutating func makeRoom() {
    if buckets.count < Self.bucketCount { buckets += Array(repeating: 0, count: Self.bucketCount - buckets.count) }
  }

  /// Frees the buckets above the highest one used so far.
  mutating func trim() { buckets = Array(buckets.prefix(top + 1)) }

  var bytes: Int { buckets.count * MemoryLayout<Int32>.stride }

  /// Removes a duration that was added before.
  package mutating func remove(_ duration: Duration) { remove(nanoseconds: duration.nanosecondsClamped) }

  package mutating func remove(nanoseconds: Int64) {
    guard count > 0 else { return }
    buckets[Self.bucket(of: nanoseconds)] &-= 1
    count -= 1
  }

  package mutating func merge(_ other: LogHistogram) {
    guard other.count > 0 else { return }
    makeRoom()
    for index in other.buckets.indices { buckets[index] &+= other.buckets[index] }
    top = max(top, other.top)
    count += other.count
  }

  /// The duration below which the given share (0 to 1) of the values is; `nil` if there are none.
  package func quantile(_ share: Double) -> Duration? {
    guard count > 0 else { return nil }
    let rank = max(1, Int((share * Double(count)).rounded(.up)))
    // High quantiles are requested most often, and few buckets are above them.
    var below = count
    for index in stride(from: top, through: 0, by: -1) {
      below -= Int(buckets[index])
      if below < rank { return Self.middle(of: index) }
    }
    return nil
  }

  /// Values below 2^subBits µs have one bucket each; above, each doubling has 2^subBits buckets.
  private static func bucket(of nanoseconds: Int64) -> Int {
    let value = UInt64(max(0, nanoseconds / 1000))
    let exponent = max(0, 63 - value.leadingZeroBitCount - subBits)
    let bucket = (exponent << subBits) + Int(value >> UInt64(exponent))
    return min(bucket, bucketCount - 1)
  }

  private static func middle(of bucket: Int) -> Duration {
    let exponent = max(0, (bucket >> subBits) - 1)
    let mantissa = Int64(bucket - (exponent << subBits))
    let width = Int64(1) << Int64(exponent)
    return .nanoseconds((mantissa * width) * 1000 + (width - 1) * 500)
  }
}
