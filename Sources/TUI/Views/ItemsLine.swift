import Core
import Text

/// A line of items with a gap between them: whole items only, those that there is room for.
struct ItemsLine {
  private static let gap = "   "

  let columns: Int

  func line(_ items: [StyledLine]) -> StyledLine {
    var line = StyledLine()
    for item in items {
      let before = line.isEmpty ? " " : Self.gap
      guard line.columns + before.count + item.columns <= columns else { continue }
      line.add(before)
      line.add(item)
    }
    return line
  }

  /// "showing 1-20 of 1,234 by severity".
  static func showing(offset: Int, shown: Int, matching: Int, by order: String?) -> StyledLine {
    let places =
      shown == 0 ? "none" : "\(Quantity.grouped(offset + 1))-\(Quantity.grouped(offset + shown))"
    let sorted = order.map { " by \($0)" } ?? ""
    return StyledLine("showing \(places) of \(Quantity.grouped(matching))\(sorted)", .dim)
  }
}
