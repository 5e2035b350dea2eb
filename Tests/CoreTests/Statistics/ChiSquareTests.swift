import Testing

@testable import Core

@Suite("Pearson's chi-square test")
struct ChiSquareTests {
  /// Critical values from statistical tables (Abramowitz and Stegun, table 26.8; NIST handbook 1.3.6.7.4).
  static let table: [(degrees: Int, p: Double, value: Double)] = [
    (1, 0.995, 0.0000393), (1, 0.90, 0.015791), (1, 0.10, 2.706), (1, 0.05, 3.841), (1, 0.025, 5.024), (1, 0.01, 6.635),
    (1, 0.001, 10.828), (2, 0.10, 4.605), (2, 0.05, 5.991), (2, 0.01, 9.210), (2, 0.001, 13.816), (3, 0.95, 0.352),
    (3, 0.05, 7.815), (3, 0.01, 11.345), (3, 0.001, 16.266), (4, 0.05, 9.488), (4, 0.01, 13.277), (5, 0.05, 11.070),
    (5, 0.01, 15.086), (7, 0.01, 18.475), (8, 0.05, 15.507), (9, 0.05, 16.919), (10, 0.05, 18.307), (10, 0.01, 23.209),
    (10, 0.001, 29.588), (15, 0.05, 24.996), (20, 0.05, 31.410), (20, 0.01, 37.566), (29, 0.01, 49.588),
    (30, 0.05, 43.773), (30, 0.01, 50.892), (50, 0.05, 67.505), (50, 0.01, 76.154), (60, 0.95, 43.188),
    (100, 0.05, 124.342), (100, 0.01, 135.807), (100, 0.001, 149.449),
  ]

  @Test("gives the tail probabilities of the tables", arguments: table)
  func tail(degrees: Int, p: Double, value: Double) {
    let found = ChiSquare.upperTail(value, degrees: degrees)
    #expect(abs(found - p) < p * 0.005, "\(found)")
  }

  @Test(
    "an even share is even, a real difference is not",
    arguments: [
      ([333, 333, 334], 0.999, 1.0), ([3_330, 3_330, 3_340], 0.98, 1.0), ([400, 300, 300], 0.0, 0.000_1),
      ([40, 30, 30], 0.3, 0.4), ([50, 0], 0.0, 1e-11), ([10, 10, 10, 10], 1.0, 1.0),
    ])
  func shares(counts: [Int], least: Double, most: Double) throws {
    let test = try #require(ChiSquare(even: counts))
    #expect(test.p >= least && test.p <= most, "\(test)")
  }

  @Test("gives no result without data to compare", arguments: [[], [5], [0, 0]])
  func nothing(counts: [Int]) {
    #expect(ChiSquare(even: counts) == nil)
  }

  @Test("gives a probability for any statistic and any degrees of freedom", arguments: [1, 2, 3, 64, 999, 1000])
  func bounds(degrees: Int) {
    var last = 1.0
    for value in [0, 1e-9, 0.5, 1, 10, 100, 700, 1500, 3000, 1e6, 1e300, .infinity] {
      let p = ChiSquare.upperTail(value, degrees: degrees)
      #expect(p >= 0 && p <= last + 1e-12, "\(value): \(p)")
      last = p
    }
    #expect(last == 0)
  }
}
