/// Draws a list in columns: titles, rows, the cursor's row and the marked ones.
struct ListTable {
  /// Two columns before the first one hold the cursor and the mark.
  private static let gutter = 2

  let columns: [Table.Column]
  /// By which column the rows are sorted.
  var sorted: (column: Int, isReversed: Bool)?
  let glyphs: Glyphs

  /// The column whose title lies at a column of the screen.
  func column(at x: Int, in area: Rect) -> Int? {
    placed(in: area).first { x >= $0.x && x < $0.x + $0.width }?.index
  }

  /// Rows of `count` that fit into `area`, whose first line has the titles. `cell` is asked for a row's text in a column of so many
  /// columns of the screen.
  func draw(
    into frame: inout Frame, _ area: Rect, count: Int, selected: Int?, isMarked: (Int) -> Bool = { _ in false },
    cell: (_ row: Int, _ column: Int, _ width: Int) -> StyledLine
  ) {
    guard area.height > 0 else { return }
    let placed = placed(in: area)
    drawTitles(into: &frame, y: area.y, placed)
    for row in 0..<max(0, min(count, area.height - 1)) {
      let line = Rect(x: area.x, y: area.y + 1 + row, width: area.width, height: 1)
      drawSigns(into: &frame, line, isSelected: row == selected, isMarked: isMarked(row))
      for place in placed {
        let text = cell(row, place.index, place.width)
        let isRight = columns[place.index].align == .right
        let x = isRight ? place.x + max(0, place.width - text.columns) : place.x
        frame.put(text, x: x, y: line.y, width: place.width, ellipsis: glyphs.ellipsis)
      }
      if row == selected { frame.emphasize(line, .selected) }
      if isMarked(row) { frame.emphasize(line, .marked) }
    }
  }

  private func placed(in area: Rect) -> [Table.Placed] {
    Table.place(columns, x: area.x + Self.gutter, width: area.width - Self.gutter)
  }

  private func drawTitles(into frame: inout Frame, y: Int, _ placed: [Table.Placed]) {
    for place in placed {
      let column = columns[place.index]
      let isSorted = sorted?.column == place.index
      let marker = String(sorted?.isReversed ?? false ? glyphs.sortAscending : glyphs.sortDescending)
      frame.put(
        isSorted ? column.title + marker : column.title, x: place.x, y: y, width: place.width,
        role: isSorted ? .accent : .heading, align: column.align)
    }
  }

  private func drawSigns(into frame: inout Frame, _ line: Rect, isSelected: Bool, isMarked: Bool) {
    if isSelected { frame.put(String(glyphs.cursor), x: line.x, y: line.y, role: .accent) }
    if isMarked { frame.put(String(glyphs.mark), x: line.x + 1, y: line.y, role: .accent) }
  }
}
