import TestRandom
import Testing

@testable import Core

@Suite("Histogram of durations")
struct LogHistogramTests {
  @Test("an empty histogram has no quantile")
  func empty() {
    #expect(LogHistogram().quantile(0.5) == nil)
  }

  @Test(
    "one value is read back within 1.6 percent",
    arguments: [1, 31, 32, 33, 999, 410_000, 812_000, 86_400_000_000] as [Int64])
  func precision(microseconds: Int64) throws {
    var histogram = LogHistogram()
    histogram.add(.microseconds(microseconds))
    let read = try #require(histogram.quantile(0.5)).seconds * 1_000_000
    #expect(abs(read - Double(microseconds)) <= max(0.5, Double(microseconds) * 0.016))
  }

  @Test("quantiles of random values are within 1.6 percent of the exact ones", arguments: 1...20)
  func quantiles(seed: Int) throws {
    var random = SeededRandom(seed: UInt64(seed))
    let values = (0..<1000).map { _ in Int64.random(in: 1...10_000_000, using: &random) }.sorted()
    var histogram = LogHistogram()
    for value in values.shuffled(using: &random) { histogram.add(.microseconds(value)) }
    for share in [0.01, 0.5, 0.95, 0.99, 1] {
      let exact = Double(values[Int((share * 1000).rounded(.up)) - 1])
      let read = try #require(histogram.quantile(share)).seconds * 1_000_000
      #expect(abs(read - exact) <= exact * 0.016 + 1, "seed \(seed), share \(share)")
    }
  }

  @Test("removed values leave no trace, and merged histograms equal the total")
  func removalAndMerge() {
    var whole = LogHistogram()
    var left = LogHistogram()
    var right = LogHistogram()
    for value in 1...100 as ClosedRange<Int64> {
      whole.add(.milliseconds(value))
      if value % 2 == 0 { left.add(.milliseconds(value)) } else { right.add(.milliseconds(value)) }
    }
    left.add(.seconds(90))
    left.remove(.seconds(90))
    left.merge(right)
    #expect(left == whole)
  }

  @Test(
    "values out of range are counted at the nearer end instead of trapping", arguments: [Int64.min, -1, 0, Int64.max])
  func extremes(nanoseconds: Int64) {
    var histogram = LogHistogram()
    histogram.add(.nanoseconds(nanoseconds))
    #expect(histogram.quantile(0.5) != nil)
  }
}
