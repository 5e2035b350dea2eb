import Core
import Text

/// The table of topics: what goes through them, and who reads them.
struct TopicTable {
  private enum Field: CaseIterable {
    case topic, kind, partitions, messages, rate, skew, groups
  }

  let list: TopicList
  /// The place of the cursor among all rows.
  let cursor: Int
  let glyphs: Glyphs

  private static func column(_ field: Field, columns: Int) -> Table.Column {
    switch field {
    case .topic: .init("TOPIC", width: 20, idealWidth: columns >= 160 ? 60 : 32, priority: 0)
    case .kind: .init("KIND", width: 13, priority: 4)
    case .partitions: .init("PARTITIONS", width: 10, align: .right, priority: 5)
    case .messages: .init("MESSAGES", width: 8, align: .right, priority: 1)
    case .rate: .init("IN/s", width: 5, align: .right, priority: 2)
    case .skew: .init("SKEW", width: 5, align: .right, priority: 6)
    case .groups: .init("GROUPS", width: 12, idealWidth: .max, priority: 3)
    }
  }

  func draw(into frame: inout Frame, _ area: Rect) {
    let table = ListTable(columns: Field.allCases.map { Self.column($0, columns: area.width) }, glyphs: glyphs)
    table.draw(into: &frame, area, count: list.rows.count, selected: cursor - list.offset) { row, column, width in
      cell(Field.allCases[column], list.rows[row], width)
    }
  }

  private func cell(_ field: Field, _ row: TopicRow, _ width: Int) -> StyledLine {
    let isAlarm = row.isDeadLetter && row.messages != 0
    switch field {
    case .topic: return StyledLine(Truncation.middle(row.topic, columns: width, ellipsis: glyphs.ellipsis))
    case .kind:
      guard row.isDeadLetter else { return StyledLine() }
      return StyledLine("\(isAlarm ? glyphs.failed : glyphs.pending) dead letter", isAlarm ? .failed : .dim)
    case .partitions: return known(Quantity.count(row.partitions))
    case .messages: return known(LagText.count(row.messages), isAlarm ? .failed : .text)
    case .rate: return known(LagText.perSecond(row.rateIn))
    case .skew: return known(LagText.skew(row.skew))
    case .groups: return known(row.groups.isEmpty ? Quantity.unknown : row.groups.joined(separator: " "))
    }
  }

  private func known(_ text: String, _ role: StyleRole = .text) -> StyledLine {
    StyledLine(text, text == Quantity.unknown ? .dim : role)
  }
}
