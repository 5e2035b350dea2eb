import Core

/// The locks, and what is known of the one under the cursor.
struct LocksScreen {
  let content: Content
  let state: UIState
  let glyphs: Glyphs
  private var look: LockStyle { LockStyle(glyphs: glyphs) }

  func draw(into frame: inout Frame, _ layout: ScreenLayout) {
    let empty = EmptyState(content: content, view: .locks)
    if empty.applies { return empty.draw(into: &frame, layout.body, glyphs: glyphs) }
    let sums = LockSums(content: content, state: state.locks, columns: layout.summary.width, glyphs: glyphs)
    for (index, line) in sums.lines(height: layout.summary.height).enumerated() {
      frame.put(line, x: 0, y: layout.summary.y + index, width: layout.summary.width, ellipsis: glyphs.ellipsis)
    }
    LockTable(list: content.locks, state: state.locks, glyphs: glyphs).draw(into: &frame, layout.list)
    if content.locks.rows.isEmpty { frame.put(nothing, x: 2, y: layout.list.y + 1, role: .dim) }
    if let row = state.selectedLock(in: content) { drawDetail(of: row, into: &frame, layout.detail) }
    guard LockFreshness(content: content).isStale else { return }
    frame.recolor(layout.list, to: .stale)
    frame.recolor(layout.detail, to: .stale)
  }

  private var nothing: String {
    if content.locks.total > 0 { return "no lock matches" }
    if content.locks.patterns.isEmpty { return "no lock is configured: give `locks` to the context or the preset" }
    return "no lock is held"
  }

  private func drawDetail(of row: LockRow, into frame: inout Frame, _ area: Rect) {
    guard area.height > 0 else { return }
    let hasRule = area.height > 1
    if hasRule { frame.horizontalLine(x: area.x, y: area.y, width: area.width, glyphs.horizontal) }
    let room = hasRule ? area.height - 1 : 1
    var headline = StyledLine(
      Truncation.middle(row.id.key, columns: 40, ellipsis: glyphs.ellipsis), .heading, .strong)
    headline.add(": ")
    headline.add(row.reason, look.sentenceRole(row.verdict))
    let facts = LockFacts(row: row, glyphs: glyphs)
    let wrapped = headline.wrapped(columns: area.width - 3, indent: 2, maxLines: min(2, room))
    let lines = wrapped + [facts.holding, facts.belonging]
    for (index, line) in lines.prefix(room).enumerated() {
      let x = area.x + (index < wrapped.count ? 1 : 3)
      frame.put(line, x: x, y: area.y + (hasRule ? 1 : 0) + index, width: area.width - 3, ellipsis: glyphs.ellipsis)
    }
  }
}
