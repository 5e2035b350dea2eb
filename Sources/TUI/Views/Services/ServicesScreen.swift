import Core

/// The services, and what is known of the one under the cursor.
struct ServicesScreen {
  let content: Content
  let state: UIState
  let glyphs: Glyphs
  private var look: ServiceStyle { ServiceStyle(glyphs: glyphs) }

  func draw(into frame: inout Frame, _ layout: ScreenLayout) {
    let sums = sums(columns: layout.summary.width)
    frame.put(sums, x: 0, y: layout.summary.y, width: layout.summary.width, ellipsis: glyphs.ellipsis)
    guard content.services.total > 0 else { return drawNothing(into: &frame, layout.list) }
    ServiceTable(
      list: content.services, state: state.services, now: content.header.now, glyphs: glyphs
    ).draw(into: &frame, layout.list)
    if content.services.rows.isEmpty {
      frame.put("no service matches", x: 2, y: layout.list.y + 1, role: .dim)
    }
    if let line = state.selectedService(in: content) { drawDetail(of: line, into: &frame, layout.detail) }
  }

  private func drawNothing(into frame: inout Frame, _ area: Rect) {
    let lines = [
      StyledLine("No service is configured", .heading, .strong),
      StyledLine("Give the context `services`, or start with --service NAME=URL.", .dim),
    ]
    for (index, line) in lines.prefix(area.height).enumerated() {
      frame.put(line, x: area.x + 1, y: area.y + index, width: area.width - 2, ellipsis: glyphs.ellipsis)
    }
  }

  private func sums(columns: Int) -> StyledLine {
    let counts = ServiceVerdict.allCases.reversed().compactMap { verdict -> SumLine.Count? in
      guard let count = content.services.counts[verdict], count > 0 else { return nil }
      return SumLine.Count(
        verdict: look.verdict(verdict), number: count, role: look.role(verdict), isTrouble: verdict == .down)
    }
    return SumLine(columns: columns).counts(LagText.counted(content.services.total, "service"), counts)
  }

  private func drawDetail(of line: ServiceLine, into frame: inout Frame, _ area: Rect) {
    guard area.height > 0 else { return }
    let hasRule = area.height > 1
    if hasRule { frame.horizontalLine(x: area.x, y: area.y, width: area.width, glyphs.horizontal) }
    let room = hasRule ? area.height - 1 : 1
    let facts = ServiceFacts(line: line, now: content.header.now, glyphs: glyphs)
    let headline = facts.headline.wrapped(columns: area.width - 3, indent: 2, maxLines: min(2, room))
    for (index, text) in (headline + facts.rest).prefix(room).enumerated() {
      let x = area.x + (index < headline.count ? 1 : 3)
      frame.put(text, x: x, y: area.y + (hasRule ? 1 : 0) + index, width: area.width - 3, ellipsis: glyphs.ellipsis)
    }
  }
}
