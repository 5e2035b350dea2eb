/// A row of bars of different heights, one per value, the newest at the right.
package enum Sparkline {
  /// At most `columns` characters. A value that is not known leaves a gap; the largest value takes the full height, and a scale
  /// below `floor` is not shrunk to, so that noise around nothing does not look like a mountain.
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
