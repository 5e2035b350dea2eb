import Core

/// The consumer groups or the topics, and what is known of the group under the cursor.
struct LagScreen {
  let content: Content
  let state: UIState
  let glyphs: Glyphs

  func draw(into frame: inout Frame, _ layout: ScreenLayout) {
    let empty = EmptyState(content: content, view: .lag)
    if empty.applies { return empty.draw(into: &frame, layout.body, glyphs: glyphs) }
    let sums = LagSums(content: content, state: state.lag, columns: layout.summary.width, glyphs: glyphs)
    for (index, line) in sums.lines(height: layout.summary.height).enumerated() {
      frame.put(line, x: 0, y: layout.summary.y + index, width: layout.summary.width, ellipsis: glyphs.ellipsis)
    }
    if state.lag.showsTopics {
      drawTopics(into: &frame, layout)
    } else {
      drawGroups(into: &frame, layout)
    }
    guard LagFreshness(content: content).isStale else { return }
    frame.recolor(layout.list, to: .stale)
    frame.recolor(layout.detail, to: .stale)
  }

  private func drawGroups(into frame: inout Frame, _ layout: ScreenLayout) {
    GroupTable(list: content.groups, state: state.lag, glyphs: glyphs).draw(into: &frame, layout.list)
    if content.groups.rows.isEmpty {
      let text = content.groups.total == 0 ? "no consumer group" : "no group matches"
      frame.put(text, x: 2, y: layout.list.y + 1, role: .dim)
    }
    if let row = state.selectedGroup(in: content) { drawDetail(of: row, into: &frame, layout.detail) }
  }

  private func drawTopics(into frame: inout Frame, _ layout: ScreenLayout) {
    let table = TopicTable(list: content.topics, cursor: state.lag.topics.position, glyphs: glyphs)
    table.draw(into: &frame, layout.list)
    guard content.topics.rows.isEmpty else { return }
    frame.put(content.topics.total == 0 ? "no topic" : "no topic matches", x: 2, y: layout.list.y + 1, role: .dim)
  }

  private func drawDetail(of row: GroupRow, into frame: inout Frame, _ area: Rect) {
    guard area.height > 0 else { return }
    let facts = GroupFacts(row: row, now: content.header.now, glyphs: glyphs)
    let hasRule = area.height > 1
    if hasRule { frame.horizontalLine(x: area.x, y: area.y, width: area.width, glyphs.horizontal) }
    let room = hasRule ? area.height - 1 : 1
    let rest = facts.banners + facts.doubts
    let forHeadline = max(1, room - rest.count)
    let headline = facts.headline.wrapped(columns: area.width - 3, indent: 2, maxLines: min(2, forHeadline))
    let lines = headline + rest + [facts.reading]
    for (index, line) in lines.prefix(room).enumerated() {
      let x = area.x + (index < headline.count ? 1 : 3)
      frame.put(line, x: x, y: area.y + (hasRule ? 1 : 0) + index, width: area.width - 3, ellipsis: glyphs.ellipsis)
    }
  }
}
