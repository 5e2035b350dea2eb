import Core
import Text

/// Events in lines: when, what, where and what each did. The columns depend on the width only.
struct EventColumns {
  private enum Part {
    case time, type, saga, node, place, meaning
  }

  private let glyphs: Glyphs
  private let parts: [(part: Part, column: Table.Column)]
  private let table: TextColumns

  /// `hasSaga` is for lists of events of many sagas.
  init(columns: Int, hasSaga: Bool, glyphs: Glyphs) {
    self.glyphs = glyphs
    parts = Self.parts(columns: columns, hasSaga: hasSaga)
    table = TextColumns(parts.map(\.column), width: columns, glyphs: glyphs)
  }

  private static func parts(columns: Int, hasSaga: Bool) -> [(part: Part, column: Table.Column)] {
    let isWide = columns >= 140
    var parts: [(Part, Table.Column)] = [
      (.time, .init("TIME", width: hasSaga ? 8 : 10, align: .right, priority: 0)),
      (.type, .init("EVENT", width: isWide ? 30 : 20, priority: 1)),
    ]
    if hasSaga { parts.append((.saga, .init("SAGA", width: isWide ? 20 : 13, priority: 2))) }
    return parts + [
      (.node, .init("NODE", width: 8, priority: 4)),
      (.place, .init("PLACE", width: isWide ? 36 : 26, priority: 5)),
      (.meaning, .init("MEANING", width: 16, idealWidth: .max, priority: 3)),
    ]
  }

  var titles: StyledLine { table.titles }

  /// `time` is written as it is given.
  func line(_ event: EventRow, time: String) -> StyledLine {
    table.line { column, width in
      switch parts[column].part {
      case .time: (time, .dim)
      case .type: event.undecoded == nil ? (event.type, .text) : ("not an event", .warning)
      case .saga: (saga(event, width), .text)
      case .node: (event.node ?? Quantity.unknown, event.node == nil ? .dim : .text)
      case .place: (event.place, .dim)
      case .meaning: Self.meaning(event)
      }
    }
  }

  private func saga(_ event: EventRow, _ width: Int) -> String {
    Truncation.middle(event.sagaID ?? Quantity.unknown, columns: width, ellipsis: glyphs.ellipsis)
  }

  private static func meaning(_ event: EventRow) -> (String, StyleRole) {
    if let reason = event.undecoded { return (reason, .error) }
    guard let error = event.error else { return (event.meaning, .dim) }
    return (event.meaning.isEmpty ? error : "\(event.meaning): \(error)", .error)
  }
}
