import Glibc

/// Pearson's test of counts against what they should be.
package struct ChiSquare: Sendable, Equatable {
  package var statistic: Double
  package var degrees: Int
  /// How likely counts at least as far off are by chance, 0 to 1.
  package var p: Double

  /// Whether things of equal standing had equal shares of the `counts`; `nil` for fewer than two of them, or when nothing was counted.
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

  /// The probability that a chi-square variable of so many degrees of freedom is at least `value`: the regularised upper incomplete
  /// gamma function at half of both, whose series is finite because the degrees are whole (Abramowitz and Stegun, 26.4.4 and 26.4.5).
  package static func upperTail(_ value: Double, degrees: Int) -> Double {
    guard degrees > 0, value > 0 else { return 1 }
    guard value.isFinite else { return 0 }
    let half = value / 2
    let lnHalf = log(half)
    let isOdd = degrees % 2 == 1
    var sum = isOdd ? erfc(half.squareRoot()) : 0
    // ln Γ(k + 1) of the whole or half number k at hand.
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
