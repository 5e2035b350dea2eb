import TestRandom
import Testing

@testable import Core

@Suite("The first rows of a large list")
struct KeyOrderTests {
  private static func key(_ kind: Int, _ random: inout SeededRandom) -> SortKey {
    let number = Int.random(in: 0...30, using: &random)
    let isKnown = number % 5 != 0
    switch kind {
    case 0: return .number(isKnown ? Double(number) : nil)
    case 1: return .text(isKnown ? "name \(number)" : nil)
    default: return .id(number.isMultiple(of: 2) ? "\(number)" : "x\(number)")
    }
  }

  @Test("equal the first rows of the sorted list, and a row's rank is its position there", arguments: 1...200)
  func first(seed: Int) {
    var random = SeededRandom(seed: UInt64(seed))
    let kind = Int.random(in: 0...2, using: &random)
    let keys = (0..<Int.random(in: 0...60, using: &random)).map { _ in Self.key(kind, &random) }
    let isReversed = Bool.random(using: &random)
    let sorted = Array(keys.indices).sorted(isReversed: isReversed) { keys[$0] }
    let order = KeyOrder(keys, isReversed: isReversed)
    for count in 0...keys.count { #expect(order.first(count) == Array(sorted.prefix(count)), "seed \(seed)") }
    for (rank, place) in sorted.enumerated() { #expect(order.rank(of: place) == rank, "seed \(seed)") }
  }
}
