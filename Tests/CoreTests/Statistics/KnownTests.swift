import TestRandom
import Testing

@testable import Core

private typealias Number = Known<Int64>

private let gap = Number.unknown("gap")
private let past = Number.exact(0).last(at: Timestamp(milliseconds: 1), "it is down")

@Suite("Known and unknown numbers")
struct KnownTests {
  @Test(
    "a sum with an unknown part is a lower bound, and zero is no bound",
    arguments: [
      ([3, 4], 7, .exact), ([3, .interpolated(4)], 7, .interpolated), ([3, gap], 3, .atLeast),
      ([0, gap], nil, .unknown),
      ([gap, gap], nil, .unknown), ([.atLeast(2), 5], 7, .atLeast), ([.atMost(2), 5], 5, .atLeast),
      ([.atMost(2), 0], 2, .atMost), ([.atMost(2), .atMost(3)], 5, .atMost), ([.atMost(2), .atLeast(3)], 3, .atLeast),
      ([.atMost(2), gap], nil, .unknown),
    ] as [([Number], Int64?, Quality)])
  private func sum(parts: [Number], value: Int64?, quality: Quality) {
    let sum = Number.sum(parts)
    #expect(sum?.value == value && sum?.quality == quality, "\(String(describing: sum))")
  }

  @Test(
    "an unknown number may be the maximum",
    arguments: [
      ([3, 4], 4, .exact), ([3, gap], 3, .atLeast), ([0, gap], nil, .unknown), ([.atLeast(2), 5], 5, .atLeast),
      ([.atMost(2), 5], 5, .exact), ([.atMost(9), 5], 5, .atLeast), ([.atMost(9), 0], 9, .atMost),
      ([gap], nil, .unknown),
    ] as [([Number], Int64?, Quality)])
  private func greatest(parts: [Number], value: Int64?, quality: Quality) {
    let greatest = Number.max(parts)
    #expect(greatest?.value == value && greatest?.quality == quality, "\(String(describing: greatest))")
  }

  @Test("a share is between its lower and upper bound, and undefined for zero")
  func share() {
    #expect(Known.share(.exact(1), of: .exact(3))?.value == 0.25)
    #expect(Known<Double>.share(.exact(0), of: .exact(0)) == nil)
    let atLeast = Known.share(.atLeast(1), of: .exact(3))
    #expect(atLeast?.low == 0.25 && atLeast?.high == 1)
    let atMost = Known.share(.exact(1), of: .atLeast(3))
    #expect(atMost?.quality == .atMost && atMost?.value == 0.25)
    #expect(Known.share(.unknown("gap"), of: .unknown("gap"))?.quality == .unknown)
  }

  @Test(
    "a comparison is decided only by known values",
    arguments: [
      (5, .atLeast, 5, true), (5, .above, 5, false), (.atLeast(5), .atLeast, 5, true), (.atLeast(5), .above, 5, nil),
      (.atLeast(5), .below, 5, false), (.atLeast(4), .below, 5, nil), (.atLeast(4), .equal, 4, nil),
      (.atLeast(6), .equal, 4, false), (.atLeast(6), .unequal, 4, true), (.atMost(5), .atMost, 5, true),
      (.atMost(5), .below, 6, true), (.atMost(5), .above, 5, false), (.atMost(5), .atLeast, 5, nil),
      (gap, .equal, 0, nil),
      (gap, .unequal, 0, nil), (gap, .atLeast, 0, nil), (.between(2, 4), .below, 5, true),
      (.between(2, 4), .below, 3, nil), (past, .equal, 0, nil), (past, .below, 5, nil),
    ] as [(Number, Comparison, Int64, Bool?)])
  private func comparison(number: Number, comparison: Comparison, limit: Int64, holds: Bool?) {
    #expect(number.holds(comparison, limit) == holds)
  }

  @Test("an outdated value is unknown, with the reason and since when")
  func earlier() {
    let number = past
    #expect(number.value == nil && number.last == 0 && number.quality == .unknown && number.reason == "it is down")
    #expect(Number.sum([1, number])?.quality == .unknown)
    #expect(Number.exact(3).last(at: nil, "never read").last == nil)
  }

  @Test(
    "whatever the parts really are, the sum, the greatest and every comparison hold of them",
    arguments: 0..<200)
  func property(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let truth = (0..<Int.random(in: 1...5, using: &random)).map { _ in Int64.random(in: 0...9, using: &random) }
    let parts = truth.map { value -> Number in
      switch Int.random(in: 0..<4, using: &random) {
      case 0: .exact(value)
      case 1: .atLeast(Int64.random(in: 0...value, using: &random))
      case 2: .atMost(Int64.random(in: value...12, using: &random))
      default: .unknown("gap")
      }
    }
    let results: [(Number?, Int64)] = [
      (Number.sum(parts), truth.reduce(0, +)), (Number.max(parts), truth.max() ?? 0),
    ]
    for (known, value) in results {
      let limit = Int64.random(in: 0...20, using: &random)
      for comparison in Comparison.allCases {
        let holds = known?.holds(comparison, limit)
        #expect(
          holds == nil || holds == Number.exact(value).holds(comparison, limit), "seed \(seed): \(parts) \(value)")
      }
      if let known, known.isExact { #expect(known.value == value, "seed \(seed): \(parts)") }
    }
  }
}
