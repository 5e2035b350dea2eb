import Core
import Text

/// What operators had done, the latest first, and what is known of the one under the cursor.
struct ActionsScreen {
  let content: Content
  let state: UIState
  let glyphs: Glyphs
  let localOffset: Duration
  private var list: ActionList { content.actions }

  func draw(into frame: inout Frame, _ layout: ScreenLayout) {
    frame.put(sums, x: 0, y: layout.summary.y, width: layout.summary.width, ellipsis: glyphs.ellipsis)
    ActionTable(list: list, cursor: state.actions.cursor, glyphs: glyphs, localOffset: localOffset).draw(
      into: &frame, layout.list)
    if list.rows.isEmpty {
      let text = list.total > 0 ? "no action matches" : "nobody has done anything here yet: R retries, C compensates"
      frame.put(text, x: 2, y: layout.list.y + 1, width: layout.list.width - 2, role: .dim, ellipsis: glyphs.ellipsis)
    }
    if let record = state.selectedAction(in: content) { drawDetail(of: record, into: &frame, layout.detail) }
  }

  /// How many ended how; what is wrong with the audit log comes before all else.
  private var sums: StyledLine {
    if let problem = list.problem { return StyledLine(" \(glyphs.failed) audit log: \(problem)", .critical, .strong) }
    var line = StyledLine(" \(Quantity.grouped(list.total)) action\(list.total == 1 ? "" : "s")", .text)
    for outcome in Self.samples {
      guard let count = list.counts[outcome.name], count > 0 else { continue }
      line.add("   \(ActionStyle(glyphs: glyphs).glyph(outcome)) \(outcome.name) ", ActionStyle.role(outcome))
      line.add(Quantity.grouped(count), ActionStyle.role(outcome))
    }
    return line
  }

  /// One of each kind, those first that need a person.
  static let samples: [ActionOutcome] = [
    .unknown(""), .refused(status: nil, message: ""), .notObserved(after: .zero), .intended, .sent, .accepted(nil),
    .observed(after: .zero), .skipped(""), .cancelled,
  ]

  private func drawDetail(of record: ActionRecord, into frame: inout Frame, _ area: Rect) {
    guard area.height > 0 else { return }
    let hasRule = area.height > 1
    if hasRule { frame.horizontalLine(x: area.x, y: area.y, width: area.width, glyphs.horizontal) }
    let room = hasRule ? area.height - 1 : 1
    let facts = ActionFacts(record: record, glyphs: glyphs)
    for (index, line) in [facts.headline, facts.request, facts.origin].prefix(room).enumerated() {
      frame.put(
        line, x: area.x + (index == 0 ? 1 : 3), y: area.y + (hasRule ? 1 : 0) + index, width: area.width - 3,
        ellipsis: glyphs.ellipsis)
    }
  }
}
