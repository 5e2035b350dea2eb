import Core
import Text

/// The table of actions, the latest first.
struct ActionTable {
  private enum Field: CaseIterable {
    case time, action, subject, outcome, by, context, reason
  }

  let list: ActionList
  let cursor: ListCursor<ActionRecord.ID>
  let glyphs: Glyphs
  let localOffset: Duration

  private static func column(_ field: Field, columns: Int) -> Table.Column {
    switch field {
    case .time: .init("TIME", width: 8, priority: 2)
    case .action: .init("ACTION", width: 12, priority: 1)
    case .subject: .init("DONE TO", width: 13, idealWidth: columns >= 150 ? 36 : 13, priority: 0)
    case .outcome: .init("OUTCOME", width: 20, idealWidth: columns >= 120 ? 50 : 36, priority: 0)
    case .by: .init("BY", width: 14, idealWidth: 24, priority: 3)
    case .context: .init("CONTEXT", width: 8, priority: 4)
    case .reason: .init("REASON", width: 12, idealWidth: .max, priority: 5)
    }
  }

  func draw(into frame: inout Frame, _ area: Rect) {
    let columns = Field.allCases.map { Self.column($0, columns: area.width) }
    ListTable(columns: columns, glyphs: glyphs).draw(
      into: &frame, area, count: list.rows.count, selected: cursor.position - list.offset
    ) { row, column, width in cell(Field.allCases[column], list.rows[row], width) }
  }

  private func cell(_ field: Field, _ record: ActionRecord, _ width: Int) -> StyledLine {
    switch field {
    case .time: StyledLine(Quantity.clock(record.intendedAt, offset: localOffset), .dim)
    case .action: StyledLine(ActionStyle.name(record.action))
    case .subject: StyledLine(Truncation.middle(record.subject, columns: width, ellipsis: glyphs.ellipsis))
    case .outcome: ActionStyle(glyphs: glyphs).line(record.outcome)
    case .by: StyledLine(record.operator.name)
    case .context: StyledLine(record.context, .dim)
    case .reason: record.reason.isEmpty ? StyledLine(Quantity.unknown, .dim) : StyledLine(record.reason)
    }
  }
}
