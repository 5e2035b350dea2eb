import Core

/// The table of sagas that overview and sagas view share.
struct SagaTable {
  /// A column: what it shows and by which order its title sorts.
  enum Field: CaseIterable {
    case saga, type, status, step, age, duration, node, error, timeline

    var order: SagaQuery.Order? {
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

  let list: SagaListView
  let listState: SagaListState
  let marks: Set<SagaHandle>
  let now: Timestamp
  let glyphs: Glyphs
  /// With the columns that the overview leaves to the saga's own page.
  let isFull: Bool
  private var look: SagaLook { SagaLook(glyphs: glyphs) }

  /// Two columns before the first one hold the cursor and the mark.
  private static let gutter = 2

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
    let placed = Table.place(fields.map(\.column), x: area.x + gutter, width: area.width - gutter)
    return placed.first { x >= $0.x && x < $0.x + $0.width }.map { fields[$0.index].field }
  }

  func draw(into frame: inout Frame, _ area: Rect) {
    guard area.height > 0 else { return }
    let fields = Self.fields(isFull: isFull, columns: area.width)
    let placed = Table.place(fields.map(\.column), x: area.x + Self.gutter, width: area.width - Self.gutter)
    drawTitles(into: &frame, y: area.y, fields: fields, placed: placed)
    for (index, row) in list.rows.prefix(area.height - 1).enumerated() {
      draw(row, at: area.y + 1 + index, isSelected: isSelected(row, index), fields, placed, into: &frame, area)
    }
  }

  private func isSelected(_ row: SagaRow, _ index: Int) -> Bool {
    list.offset + index == listState.cursor.position
  }

  private func drawTitles(
    into frame: inout Frame, y: Int, fields: [(field: Field, column: Table.Column)], placed: [Table.Placed]
  ) {
    for place in placed {
      let (field, column) = fields[place.index]
      let isSorted = field.order == listState.order
      let marker = String(listState.isReversed ? glyphs.sortAscending : glyphs.sortDescending)
      let title = isSorted ? column.title + marker : column.title
      frame.put(
        title, x: place.x, y: y, width: place.width, role: isSorted ? .accent : .heading, align: column.align)
    }
  }

  private func draw(
    _ row: SagaRow, at y: Int, isSelected: Bool, _ fields: [(field: Field, column: Table.Column)],
    _ placed: [Table.Placed], into frame: inout Frame, _ area: Rect
  ) {
    let isMarked = marks.contains(row.handle)
    if isSelected { frame.put(String(glyphs.cursor), x: area.x, y: y, role: .accent) }
    if isMarked { frame.put(String(glyphs.mark), x: area.x + 1, y: y, role: .accent) }
    for place in placed {
      let (field, column) = fields[place.index]
      let line = cell(field, row, columns: place.width)
      let x = column.align == .right ? place.x + max(0, place.width - line.columns) : place.x
      frame.put(line, x: x, y: y, width: place.width, ellipsis: glyphs.ellipsis)
    }
    let whole = Rect(x: area.x, y: y, width: area.width, height: 1)
    if isSelected { frame.emphasize(whole, .selected) }
    if isMarked { frame.emphasize(whole, .marked) }
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
