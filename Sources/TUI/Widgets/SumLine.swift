import Core
import Text

/// A line over a list, of whole items: what there is no room for is left out.
struct SumLine {
  /// How many rows of a list have one verdict.
  struct Count {
    var verdict: String
    var number: Int
    var role: StyleRole
    var isTrouble: Bool
  }

  private static let gap = "   "

  let columns: Int

  func items(_ items: [StyledLine]) -> StyledLine {
    var line = StyledLine()
    for item in items {
      let before = line.isEmpty ? " " : Self.gap
      guard line.columns + before.count + item.columns <= columns else { continue }
      line.add(before)
      line.add(item)
    }
    return line
  }

  /// "300 groups   ✖ empty 1   ▲ stalled 2   ● ok 297"; what there is no room for is "and 12 others".
  func counts(_ title: String, _ counts: [Count]) -> StyledLine {
    var line = StyledLine(" \(title)", .text, .strong)
    var rest = counts.reduce(0) { LagText.sum($0, $1.number) }
    for (index, count) in counts.enumerated() {
      let item = "\(count.verdict) \(Quantity.count(count.number))"
      let others = "and \(Quantity.count(rest)) others"
      let isLast = index == counts.count - 1
      let needed = item.count + (isLast ? 0 : Self.gap.count + others.count)
      guard line.columns + Self.gap.count + needed <= columns else {
        line.add(Self.gap + others, .dim)
        break
      }
      line.add(Self.gap)
      line.add(item, count.role, count.isTrouble ? .strong : [])
      rest -= count.number
    }
    return line
  }

  /// "read 1.2s ago in 45 ms"; `more` is what else there is to say of the reading.
  static func freshness(
    readAt: Timestamp?, took: Duration?, now: Timestamp, isStale: Bool, more: String = ""
  ) -> StyledLine? {
    guard let readAt else { return nil }
    let text = "read \(Quantity.age(now - readAt)) ago\(took.map { " in \(Quantity.latency($0))" } ?? "")\(more)"
    return StyledLine(text, isStale ? .stale : .dim, isStale ? .strong : [])
  }

  /// "showing 1-20 of 300 by severity"; `order` is empty where there is only one.
  static func range(_ places: Range<Int>, of matching: Int, by order: String) -> StyledLine {
    let shown =
      places.isEmpty ? "none" : "\(Quantity.grouped(places.lowerBound + 1))-\(Quantity.grouped(places.upperBound))"
    return StyledLine(
      "showing \(shown) of \(Quantity.grouped(matching))\(order.isEmpty ? "" : " by \(order)")", .dim)
  }
}
