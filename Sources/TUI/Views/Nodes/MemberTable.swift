import Core
import Text

/// The table of the members of consumer groups.
struct MemberTable {
  private enum Field: CaseIterable {
    case group, client, host, partitions, lag
  }

  let list: MemberList
  /// The place of the cursor among all rows.
  let cursor: Int
  let glyphs: Glyphs

  private static func column(_ field: Field, columns: Int) -> Table.Column {
    switch field {
    case .group: .init("GROUP", width: 18, idealWidth: columns >= 150 ? 40 : 26, priority: 0)
    case .client: .init("CLIENT", width: 18, idealWidth: columns >= 150 ? 50 : 30, priority: 1)
    case .host: .init("HOST", width: 12, idealWidth: 30, priority: 4)
    case .partitions: .init("PARTITIONS", width: 10, align: .right, priority: 2)
    case .lag: .init("LAG", width: 5, align: .right, priority: 3)
    }
  }

  func draw(into frame: inout Frame, _ area: Rect) {
    let table = ListTable(columns: Field.allCases.map { Self.column($0, columns: area.width) }, glyphs: glyphs)
    table.draw(into: &frame, area, count: list.rows.count, selected: cursor - list.offset) { row, column, width in
      cell(Field.allCases[column], list.rows[row], width)
    }
  }

  private func cell(_ field: Field, _ row: MemberRow, _ width: Int) -> StyledLine {
    switch field {
    case .group: StyledLine(Truncation.middle(row.group, columns: width, ellipsis: glyphs.ellipsis))
    case .client: StyledLine(Truncation.middle(row.clientID, columns: width, ellipsis: glyphs.ellipsis))
    case .host: StyledLine(row.host, .dim)
    case .partitions: StyledLine(Quantity.count(row.partitions), row.partitions == 0 ? .dim : .text)
    case .lag: StyledLine(LagText.count(row.lag), row.lag.value == nil || row.lag == 0 ? .dim : .text)
    }
  }
}
