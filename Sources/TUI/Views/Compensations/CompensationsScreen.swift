import Core

/// The roll-backs or the failure patterns, and what is known of the one under the cursor.
struct CompensationsScreen {
  let content: Content
  let state: UIState
  let glyphs: Glyphs

  func draw(into frame: inout Frame, _ layout: ScreenLayout) {
    let empty = EmptyState(content: content, view: .compensations)
    if empty.applies { return empty.draw(into: &frame, layout.body, glyphs: glyphs) }
    let sums = CompensationSumLines(
      content: content, state: state.compensations, columns: layout.summary.width, glyphs: glyphs)
    for (index, line) in sums.lines(height: layout.summary.height).enumerated() {
      frame.put(line, x: 0, y: layout.summary.y + index, width: layout.summary.width, ellipsis: glyphs.ellipsis)
    }
    if state.compensations.showsPatterns {
      drawPatterns(into: &frame, layout)
    } else {
      drawRollBacks(into: &frame, layout)
    }
  }

  private func drawRollBacks(into frame: inout Frame, _ layout: ScreenLayout) {
    let list = content.compensations
    CompensationTable(list: list, state: state.compensations, now: content.header.now, glyphs: glyphs)
      .draw(into: &frame, layout.list)
    if list.rows.isEmpty {
      let text = list.total == 0 ? "no saga was rolled back" : "no roll-back matches"
      frame.put(text, x: 2, y: layout.list.y + 1, role: .dim)
    }
    guard let row = state.selectedCompensation(in: content) else { return }
    CompensationFacts(row: row, now: content.header.now, glyphs: glyphs).detail
      .draw(into: &frame, layout.detail, glyphs: glyphs)
  }

  private func drawPatterns(into frame: inout Frame, _ layout: ScreenLayout) {
    let list = content.failures
    FailureTable(list: list, state: state.compensations, now: content.header.now, glyphs: glyphs)
      .draw(into: &frame, layout.list)
    if list.rows.isEmpty {
      frame.put(list.total == 0 ? "nothing failed" : "no pattern matches", x: 2, y: layout.list.y + 1, role: .dim)
    }
    guard let row = state.selectedPattern(in: content) else { return }
    FailureFacts(row: row, now: content.header.now).detail.draw(into: &frame, layout.detail, glyphs: glyphs)
  }
}
