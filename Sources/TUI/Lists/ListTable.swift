import Core

/// Draws a list in columns: titles, rows, the cursor's row and the marked ones. The first line of its area has the titles.
struct ListTable<Row: ListRow, Order: ListOrder> {
  /// Two columns before the first one hold the cursor and the mark.
  private static var gutter: Int { 2 }

  private let columns: [ListColumn<Row, Order>]
  private let list: ListState<Row, Order>
  private let area: Rect
  private let placed: [Table.Placed]

  init(_ columns: [ListColumn<Row, Order>], _ list: ListState<Row, Order>, _ area: Rect) {
    self.columns = columns
    self.list = list
    self.area = area
    placed = Table.place(
      columns.map { $0.placed(in: area.width) }, x: area.x + Self.gutter, width: area.width - Self.gutter)
  }

  /// Of the column whose title lies at a column of the screen.
  func order(at x: Int) -> Order? {
    placed.first { x >= $0.x && x < $0.x + $0.width }.flatMap { columns[$0.index].order }
  }

  func draw(into frame: inout Frame, _ context: DrawContext, isMarked: (Row) -> Bool) {
    guard area.height > 0 else { return }
    drawTitles(into: &frame, context.glyphs)
    for (index, row) in list.rows.prefix(max(0, area.height - 1)).enumerated() {
      let line = Rect(x: area.x, y: area.y + 1 + index, width: area.width, height: 1)
      draw(row, into: &frame, line, context)
      if isMarked(row) {
        frame.put(String(context.glyphs.mark), x: line.x + 1, y: line.y, role: .accent)
        frame.emphasize(line, .marked)
      }
      guard index == list.cursor.position - list.offset else { continue }
      frame.put(String(context.glyphs.cursor), x: line.x, y: line.y, role: .accent)
      frame.emphasize(line, .selected)
    }
  }

  private func draw(_ row: Row, into frame: inout Frame, _ line: Rect, _ context: DrawContext) {
    for place in placed {
      let cell = CellContext(
        width: place.width, now: context.now, glyphs: context.glyphs, localOffset: context.localOffset)
      let text = columns[place.index].cell(row, cell)
      let isRight = columns[place.index].align == .right
      let x = isRight ? place.x + max(0, place.width - text.columns) : place.x
      frame.put(text, x: x, y: line.y, width: place.width, ellipsis: context.glyphs.ellipsis)
    }
  }

  private func drawTitles(into frame: inout Frame, _ glyphs: Glyphs) {
    let marker = String(list.isReversed ? glyphs.sortAscending : glyphs.sortDescending)
    for place in placed {
      let column = columns[place.index]
      let isSorted = column.order != nil && column.order == list.order
      frame.put(
        isSorted ? column.title + marker : column.title, x: place.x, y: area.y, width: place.width,
        role: isSorted ? .accent : .heading, align: column.align)
    }
  }
}
