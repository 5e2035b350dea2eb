import Core

/// Overview and sagas view: sums, the table, and what is known of the saga under the cursor.
struct SagasScreen {
  let content: Content
  let state: UIState
  let glyphs: Glyphs

  func draw(into frame: inout Frame, _ layout: ScreenLayout) {
    let empty = EmptyState(content: content, view: state.view)
    if empty.applies {
      empty.draw(into: &frame, layout.body, glyphs: glyphs)
      return
    }
    if state.view == .overview {
      drawSums(into: &frame, layout.summary, hasHistory: layout.body.height >= SummaryLines.historyFrom)
    } else {
      frame.put(countLine, x: 0, y: layout.summary.y, width: layout.summary.width, ellipsis: glyphs.ellipsis)
    }
    SagaTable(
      list: content.sagas, listState: state.sagaList, marks: state.marks, now: content.header.now, glyphs: glyphs,
      isFull: state.view == .sagas
    ).draw(into: &frame, layout.list)
    if content.sagas.rows.isEmpty {
      frame.put("no saga matches", x: 2, y: layout.list.y + 1, role: .dim)
    }
    drawDetail(into: &frame, layout.detail)
  }

  private func drawSums(into frame: inout Frame, _ area: Rect, hasHistory: Bool) {
    let sums = SummaryLines(glyphs: glyphs)
    let total = content.overview.total
    var lines = [sums.trouble(total.counts, columns: area.width)]
    if area.height > 1 { lines.insert(sums.flow(total, columns: area.width), at: 0) }
    if hasHistory {
      lines.append(sums.rollBacks(content.compensations.sums))
      lines.append(sums.failure(content.failures, columns: area.width))
    }
    lines += content.overview.types.prefix(max(0, area.height - lines.count)).map { sums.type($0, columns: area.width) }
    for (index, line) in lines.prefix(area.height).enumerated() {
      frame.put(line, x: area.x, y: area.y + index, width: area.width)
    }
  }

  /// "showing 1–40 of 1,234 (first 20,000 examined)".
  private var countLine: StyledLine {
    let list = content.sagas
    let last = Quantity.grouped(list.offset + list.rows.count)
    let range = list.rows.isEmpty ? "none" : "\(Quantity.grouped(list.offset + 1))-\(last)"
    var line = StyledLine(" showing \(range) of \(Quantity.grouped(list.matching))", .dim)
    if list.examined < list.total {
      line.add(" (first \(Quantity.grouped(list.examined)) of \(Quantity.grouped(list.total)) examined)", .warning)
    }
    if content.overview.evicted > 0 {
      line.add(", \(Quantity.grouped(content.overview.evicted)) older dropped", .dim)
    }
    line.add(", sorted by \(state.sagaList.order.rawValue)\(state.sagaList.isReversed ? ", reversed" : "")", .dim)
    return line
  }

  private func drawDetail(into frame: inout Frame, _ area: Rect) {
    guard area.height > 0, let row = state.selectedSaga(in: content) else { return }
    let facts = SagaFacts(row: row, now: content.header.now, glyphs: glyphs)
    var lines = [facts.headline] + facts.details
    if area.height > 1 {
      frame.horizontalLine(x: area.x, y: area.y, width: area.width, glyphs.horizontal)
    } else {
      lines = Array(lines.prefix(1))
    }
    let top = area.height > 1 ? area.y + 1 : area.y
    for (index, line) in lines.prefix(max(1, area.height - 1)).enumerated() {
      frame.put(
        line, x: area.x + (index == 0 ? 1 : 3), y: top + index, width: area.width - 3, ellipsis: glyphs.ellipsis)
    }
  }
}
