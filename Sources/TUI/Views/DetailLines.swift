/// What is said below a list of the row under the cursor.
struct DetailLines {
  var headline: StyledLine
  var facts: [StyledLine]

  /// Below a rule, where there is room for one; the headline may take two lines.
  func draw(into frame: inout Frame, _ area: Rect, glyphs: Glyphs) {
    guard area.height > 0 else { return }
    let hasRule = area.height > 1
    if hasRule { frame.horizontalLine(x: area.x, y: area.y, width: area.width, glyphs.horizontal) }
    let room = hasRule ? area.height - 1 : 1
    let wrapped = headline.wrapped(
      columns: area.width - 3, indent: 2, maxLines: min(2, max(1, room - facts.count)))
    for (index, line) in (wrapped + facts).prefix(room).enumerated() {
      let x = area.x + (index < wrapped.count ? 1 : 3)
      frame.put(line, x: x, y: area.y + (hasRule ? 1 : 0) + index, width: area.width - 3, ellipsis: glyphs.ellipsis)
    }
  }
}
