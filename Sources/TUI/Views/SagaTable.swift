import Core
import Text

/// The table of sagas that overview and sagas view share.
struct SagaTable {
  /// A column: what it shows and by which order its title sorts.
  enum Field: CaseIterable {
    case saga, type, status, step, age, duration, node, error, timeline

    var order: SagaOrder? {
      switch self {
      case .saga: .id
      case .type: .type
      case .status: .status
      case .step: .step
      case .age: .age
      case .node: .node
      case .duration, .error, .timeline: nil
      }
    }
  }

  let list: SagaList
  let listState: SagaListState
  let marks: Set<SagaHandle>
  let now: Timestamp
  let glyphs: Glyphs
  /// With the columns that the overview leaves to the saga's own page.
  let isFull: Bool
  private var look: SagaStyle { SagaStyle(glyphs: glyphs) }

  /// `columns` is the width of the whole table.
  static func fields(isFull: Bool, columns: Int) -> [(field: Field, column: Table.Column)] {
    let id = columns >= 190 ? 36 : columns >= 150 ? 20 : columns >= 100 ? 13 : 9
    let isWide = columns >= 150
    var fields: [(Field, Table.Column)] = [
      (.saga, .init("SAGA", width: id, priority: 0)),
      (.type, .init("TYPE", width: isWide ? 14 : 8, priority: 6)),
      (.status, .init("STATUS", width: 14, idealWidth: columns >= 100 ? 16 : 14, priority: 1)),
      (.step, .init("STEP", width: isWide ? 16 : 10, priority: 4)),
      (.age, .init("AGE", width: 5, align: .right, priority: 2)),
    ]
    if isFull { fields.append((.duration, .init("TIME", width: 5, align: .right, priority: 7))) }
    fields.append((.node, .init("NODE", width: isWide ? 14 : 8, priority: 5)))
    if isFull { fields.append((.error, .init("ERROR", width: isWide ? 30 : 16, priority: 8))) }
    fields.append((.timeline, .init("TIMELINE", width: 18, idealWidth: .max, priority: 3)))
    return fields
  }

  /// The column whose title lies at a column of the screen.
  static func field(at x: Int, isFull: Bool, in area: Rect) -> Field? {
    let fields = fields(isFull: isFull, columns: area.width)
    return ListTable(columns: fields.map(\.column), glyphs: .ascii).column(at: x, in: area).map { fields[$0].field }
  }

  func draw(into frame: inout Frame, _ area: Rect) {
    let fields = Self.fields(isFull: isFull, columns: area.width)
    let sorted = fields.firstIndex { $0.field.order == listState.order }
    let table = ListTable(
      columns: fields.map(\.column), sorted: sorted.map { ($0, listState.isReversed) }, glyphs: glyphs)
    table.draw(
      into: &frame, area, count: list.rows.count, selected: listState.cursor.position - list.offset,
      isMarked: { marks.contains(list.rows[$0].handle) }
    ) { row, column, width in
      cell(fields[column].field, list.rows[row], columns: width)
    }
  }

  private func cell(_ field: Field, _ row: SagaRow, columns: Int) -> StyledLine {
    switch field {
    case .saga: StyledLine(Truncation.middle(row.id, columns: columns, ellipsis: glyphs.ellipsis))
    case .type: StyledLine(row.type, .dim)
    case .status: StyledLine(look.status(row), look.role(row))
    case .step: known(row.step)
    case .age: StyledLine(Quantity.age(now - row.startedAt), row.flags.contains(.stuck) ? .stuck : .text)
    case .duration: known(row.endedAt.map { Quantity.age($0 - row.startedAt) })
    case .node: known(row.node)
    case .error: known(row.error, .error)
    case .timeline: StepsBar(row: row, glyphs: glyphs).line(columns: columns)
    }
  }

  private func known(_ text: String?, _ role: StyleRole = .text) -> StyledLine {
    text.map { StyledLine($0, role) } ?? StyledLine(Quantity.unknown, .dim)
  }
}
