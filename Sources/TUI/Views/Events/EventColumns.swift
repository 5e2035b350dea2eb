import Core
import Text

/// The columns of events, for the list of all events and for the page of a saga.
struct EventColumns {
  private enum Part: CaseIterable {
    case time, type, saga, node, place, meaning
  }

  static let list: [ListColumn<EventRow, EventListOrder>] = Part.allCases.map { part in
    let width = ColumnWidth.by { columns in
      let column = column(part, columns: columns - 2, hasSaga: true)
      return (column.width, column.idealWidth)
    }
    let first = column(part, columns: 0, hasSaga: true)
    return ListColumn(first.title, width, align: first.align, priority: first.priority) { row, cell in
      let time = Quantity.clock(row.time, offset: cell.localOffset)
      let (text, role) = text(part, row, time: time, width: cell.width, cell.glyphs)
      return StyledLine(text, role)
    }
  }

  private let glyphs: Glyphs
  private let parts: [Part]
  private let table: TextColumns

  /// `hasSaga` adds the saga column, for events of many sagas.
  init(columns: Int, hasSaga: Bool, glyphs: Glyphs) {
    self.glyphs = glyphs
    parts = Part.allCases.filter { hasSaga || $0 != .saga }
    let shown = parts.map { Self.column($0, columns: columns, hasSaga: hasSaga) }
    table = TextColumns(shown, width: columns, glyphs: glyphs)
  }

  private static func column(_ part: Part, columns: Int, hasSaga: Bool) -> Table.Column {
    let isWide = columns >= 140
    return switch part {
    case .time: .init("TIME", width: hasSaga ? 8 : 10, align: .right, priority: 0)
    case .type: .init("EVENT", width: isWide ? 30 : 20, priority: 1)
    case .saga: .init("SAGA", width: isWide ? 20 : 13, priority: 2)
    case .node: .init("NODE", width: 8, priority: 4)
    case .place: .init("PLACE", width: isWide ? 36 : 26, priority: 5)
    case .meaning: .init("MEANING", width: 16, idealWidth: .max, priority: 3)
    }
  }

  var titles: StyledLine { table.titles }

  /// `time` is shown unchanged.
  func line(_ event: EventRow, time: String) -> StyledLine {
    table.line { column, width in Self.text(parts[column], event, time: time, width: width, glyphs) }
  }

  private static func text(
    _ part: Part, _ event: EventRow, time: String, width: Int, _ glyphs: Glyphs
  ) -> (String, StyleRole) {
    switch part {
    case .time: (time, .dim)
    case .type: event.undecoded == nil ? (event.type, .text) : ("not an event", .warning)
    case .saga:
      (Truncation.middle(event.sagaID ?? Quantity.unknown, columns: width, ellipsis: glyphs.ellipsis), .text)
    case .node: (event.node ?? Quantity.unknown, event.node == nil ? .dim : .text)
    case .place: (event.place, .dim)
    case .meaning: meaning(event)
    }
  }

  private static func meaning(_ event: EventRow) -> (String, StyleRole) {
    if let reason = event.undecoded { return (reason, .error) }
    guard let error = event.error else { return (event.meaning, .dim) }
    return (event.meaning.isEmpty ? error : "\(event.meaning): \(error)", .error)
  }
}
