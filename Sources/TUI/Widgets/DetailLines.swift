/// The lines below a list about the row under the cursor.
package struct DetailLines {
  var headline: StyledLine
  var facts: [StyledLine]
  /// Number of facts that must stay visible if the headline takes two lines. The other facts are omitted first.
  var needed: Int
  var headlineLines = 2

  /// All facts must stay visible.
  init(headline: StyledLine, facts: [StyledLine]) {
    self.init(headline: headline, facts: facts, needed: facts.count)
  }

  init(headline: StyledLine, facts: [StyledLine], needed: Int) {
    self.headline = headline
    self.facts = facts
    self.needed = needed
  }

  /// Number of lines for a body with that number of rows.
  static func height(body: Int) -> Int {
    switch body {
    case ..<5: 0
    case ..<10: 1
    case ..<16: 3
    default: 4
    }
  }

  /// Draws the lines below a horizontal rule, if there is room for it.
  func draw(into frame: inout Frame, _ area: Rect, glyphs: Glyphs) {
    guard area.height > 0 else { return }
    let hasRule = area.height > 1
    if hasRule { frame.horizontalLine(x: area.x, y: area.y, width: area.width, glyphs.horizontal) }
    let room = hasRule ? area.height - 1 : 1
    let most = min(headlineLines, max(1, room - needed))
    let wrapped = headline.wrapped(columns: area.width - 3, indent: 2, maxLines: most)
    for (index, line) in (wrapped + facts).prefix(room).enumerated() {
      let x = area.x + (index < wrapped.count ? 1 : 3)
      frame.put(line, x: x, y: area.y + (hasRule ? 1 : 0) + index, width: area.width - 3, ellipsis: glyphs.ellipsis)
    }
  }
}
