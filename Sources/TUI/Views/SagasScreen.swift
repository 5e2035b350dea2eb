import Core
import Text

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
    line.add(", sorted by \(state.sagaList.orderText)", .dim)
    return line
  }

  /// How many of the worst sagas are explained below the list.
  static let worst = 3

  private func drawDetail(into frame: inout Frame, _ area: Rect) {
    guard area.height > 0, let row = state.selectedSaga(in: content) else { return }
    if area.height > 1 { frame.horizontalLine(x: area.x, y: area.y, width: area.width, glyphs.horizontal) }
    let top = area.height > 1 ? area.y + 1 : area.y
    let lines = detail(of: row, height: max(1, area.height - 1), columns: area.width - 3)
    for (index, short) in lines.enumerated() {
      var width = area.width - 3
      if let age = short.age, area.width >= 60 {
        width -= age.columns + 2
        frame.put(age, x: area.x + area.width - age.columns - 1, y: top + index)
      }
      let indent = short.isIndented ? 3 : 1
      frame.put(short.line, x: area.x + indent, y: top + index, width: width, ellipsis: glyphs.ellipsis)
    }
  }

  /// The saga under the cursor with its causes, then the other ones of the worst, each with its first cause.
  private func detail(of row: SagaRow, height: Int, columns: Int) -> [WhyLines.Short] {
    let facts = SagaFacts(row: row, now: content.header.now, glyphs: glyphs)
    var own = [WhyLines.Short(line: facts.headline)]
    let diagnosis = content.diagnoses[row.handle]
    if let diagnosis {
      let why = WhyLines(diagnosis: diagnosis, columns: columns, glyphs: glyphs)
      own += diagnosis.causes.indices.map { why.short($0).indented }
    }
    let isExplained = diagnosis.map { !$0.causes.isEmpty } ?? false
    own += (isExplained ? facts.circumstances : facts.details).map { WhyLines.Short(line: $0).indented }
    let others = content.sagas.worst(state.view == .overview ? Self.worst : 0).filter { $0.handle != row.handle }
      .compactMap { content.diagnoses[$0.handle] }
      .map { WhyLines(diagnosis: $0, columns: columns, glyphs: glyphs).brief }
    let shown = others.prefix(max(0, height - min(own.count, 3)))
    return Array(own.prefix(height - shown.count) + shown)
  }
}
