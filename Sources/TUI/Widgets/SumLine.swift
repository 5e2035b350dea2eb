import Core
import Text

/// A summary line above a list. Items without room are omitted completely.
struct SumLine {
  /// Number of rows with a verdict.
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

  /// "300 groups   ✖ empty 1   ▲ stalled 2   ● ok 297"; items without room become "and 12 others".
  func counts(_ title: String, _ counts: [Count]) -> StyledLine {
    var line = StyledLine(" \(title)", .text, .strong)
    var rest = counts.reduce(0) { $0.saturating(plus: $1.number) }
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

  /// "read 1.2s ago in 45 ms"; `more` is appended.
  static func freshness(
    readAt: Timestamp?, took: Duration?, now: Timestamp, isStale: Bool, more: String = ""
  ) -> StyledLine? {
    guard let readAt else { return nil }
    let text = "read \(Quantity.age(now - readAt)) ago\(took.map { " in \(Quantity.latency($0))" } ?? "")\(more)"
    return StyledLine(text, isStale ? .stale : .dim, isStale ? .strong : [])
  }

  /// "showing 1-20 of 300 by severity"; `order` is empty if there is only one order.
  static func range(_ places: Range<Int>, of matching: Int, by order: String) -> StyledLine {
    let shown =
      places.isEmpty ? "none" : "\(Quantity.grouped(places.lowerBound + 1))-\(Quantity.grouped(places.upperBound))"
    return StyledLine(
      "showing \(shown) of \(Quantity.grouped(matching))\(order.isEmpty ? "" : " by \(order)")", .dim)
  }
}

/// A row of bars with different heights, one per value, the newest at the right.
package enum Sparkline {
  /// At most `columns` characters. An unknown value is a gap. The largest value, but at least `floor`, has the full height, so that noise
  /// near zero stays small.
  package static func text(_ values: [Double?], columns: Int, floor: Double = 0, glyphs: Glyphs) -> String {
    let shown = values.suffix(max(0, columns))
    let top = max(floor, shown.compactMap { $0 }.filter(\.isFinite).max() ?? 0)
    var result = String.UnicodeScalarView()
    for value in shown {
      guard let value, value.isFinite else {
        result.append(" ")
        continue
      }
      let share = top > 0 ? max(0, min(1, value / top)) : 0
      result.append(glyphs.heights[Int((share * Double(glyphs.heights.count - 1)).rounded())])
    }
    return String(result)
  }
}

/// Text lines in columns, for tables inside a page.
struct TextColumns {
  let columns: [Table.Column]
  let glyphs: Glyphs
  private let placed: [Table.Placed]

  init(_ columns: [Table.Column], width: Int, glyphs: Glyphs) {
    self.columns = columns
    self.glyphs = glyphs
    placed = Table.place(columns, x: 0, width: width)
  }

  var titles: StyledLine {
    line { column, _ in (columns[column].title, .heading) }
  }

  func line(_ cell: (_ column: Int, _ width: Int) -> (String, StyleRole)) -> StyledLine {
    var line = StyledLine()
    for place in placed {
      let (text, role) = cell(place.index, place.width)
      line.add(text, columns: place.width, align: columns[place.index].align, ellipsis: glyphs.ellipsis, role)
      line.add(" ")
    }
    return line
  }
}
