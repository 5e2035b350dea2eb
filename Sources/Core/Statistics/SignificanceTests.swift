import Glibc

/// Sums of the logarithms of durations, as integers, so that removing a value leaves no rounding error. The logarithm is to base 2, linear
/// between two powers: its error is at most 0.09, the same for all compared values.
struct LogMoments: Sendable, Equatable {
  /// Units per power of two.
  private static let scale = 32.0

  private(set) var count: Int64 = 0
  private var sum: Int64 = 0
  private var squares: Int64 = 0

  mutating func add(nanoseconds: Int64) { count(nanoseconds, 1) }

  /// Removes a duration that was added before.
  mutating func remove(nanoseconds: Int64) { count(nanoseconds, -1) }

  private mutating func count(_ nanoseconds: Int64, _ amount: Int64) {
    // At least a microsecond, as in the histogram.
    let length = UInt64(max(1000, nanoseconds))
    let power = 63 - length.leadingZeroBitCount
    let value = Int64(power) * 32 + Int64(length >> UInt64(power - 5)) - 32
    count &+= amount
    sum &+= amount &* value
    squares &+= amount &* (value &* value)
  }

  static func + (left: LogMoments, right: LogMoments) -> LogMoments {
    var both = left
    both.count &+= right.count
    both.sum &+= right.sum
    both.squares &+= right.squares
    return both
  }

  static func - (left: LogMoments, right: LogMoments) -> LogMoments {
    var rest = left
    rest.count &-= right.count
    rest.sum &-= right.sum
    rest.squares &-= right.squares
    return rest
  }

  private var mean: Double { Double(sum) / Double(max(1, count)) / Self.scale }

  private var variance: Double {
    let square = Double(squares) / Double(max(1, count)) / (Self.scale * Self.scale)
    return max(0, square - mean * mean) * Double(count) / Double(max(1, count - 1))
  }

  /// Approximate geometric mean; `nil` without values.
  var middle: Duration? {
    guard count > 0 else { return nil }
    let power = mean.rounded(.down)
    return .nanoseconds(Int64((exp2(power) * (1 + mean - power)).rounded()))
  }

  /// Welch's test of whether these durations are longer than the others: their ratio, the statistic, and its probability by chance. With
  /// at least `evidence` values the statistic is approximately normal. `nil` with fewer.
  func excess(over others: LogMoments, atLeast evidence: Int64) -> (times: Double, statistic: Double, p: Double)? {
    guard count >= evidence, others.count >= evidence else { return nil }
    let error = (variance / Double(count) + others.variance / Double(others.count)).squareRoot()
    let off = mean - others.mean
    guard off > 0 else { return (exp2(off), 0, 1) }
    // Equal durations have no error; 0.01 is below the resolution of any clock.
    let statistic = off / max(error, 0.01)
    return (exp2(off), statistic, 0.5 * erfc(statistic / 2.0.squareRoot()))
  }
}

/// Pearson's chi-square test of counts against expected counts.
package struct ChiSquare: Sendable, Equatable {
  package var statistic: Double
  package var degrees: Int
  /// The probability of a deviation at least this large by chance, 0 to 1.
  package var p: Double

  /// Tests whether the `counts` are equally distributed; `nil` for fewer than two counts or if all are zero.
  package init?(even counts: [Int]) {
    let total = counts.reduce(0) { $0 + Double(max(0, $1)) }
    guard counts.count > 1, total > 0 else { return nil }
    let expected = total / Double(counts.count)
    statistic = counts.reduce(0) { sum, count in
      let off = Double(max(0, count)) - expected
      return sum + off * off / expected
    }
    degrees = counts.count - 1
    p = Self.upperTail(statistic, degrees: degrees)
  }

  /// The probability that a chi-square variable with this number of degrees of freedom is at least `value`: the regularized upper
  /// incomplete gamma function at half of both. Its series is finite for integer degrees (Abramowitz and Stegun, 26.4.4 and 26.4.5).
  package static func upperTail(_ value: Double, degrees: Int) -> Double {
    guard degrees > 0, value > 0 else { return 1 }
    guard value.isFinite else { return 0 }
    let half = value / 2
    let lnHalf = log(half)
    let isOdd = degrees % 2 == 1
    var sum = isOdd ? erfc(half.squareRoot()) : 0
    // ln Γ(k + 1) of the current integer or half-integer k.
    var lnGamma = isOdd ? log(1.772_453_850_905_516_0 / 2) : 0
    var power = isOdd ? 0.5 : 0
    for _ in 0..<(degrees / 2) {
      sum += exp(power * lnHalf - half - lnGamma)
      power += 1
      lnGamma += log(power)
    }
    return min(1, max(0, sum))
  }
}
