import Core
import Text

/// Draws a list in columns: titles, rows, cursor and marks. The first line of its area contains the titles.
struct ListTable<Row: ListRow, Order: ListOrder> {
  /// Width of the cursor and mark columns.
  private static var gutter: Int { 2 }

  let columns: [ListColumn<Row, Order>]
  private let list: ListState<Row, Order>
  private let area: Rect
  let placed: [Table.Placed]

  /// Columns are as wide as their content. Empty columns are omitted.
  init(_ columns: [ListColumn<Row, Order>], _ list: ListState<Row, Order>, _ area: Rect, _ context: DrawContext) {
    let rows = list.rows.prefix(max(0, area.height - 1))
    let sized = columns.compactMap { column -> (ListColumn<Row, Order>, Table.Column)? in
      let content = list.contents[column.title] ?? ColumnContent(column, rows, context)
      let isSorted = column.order != nil && column.order == list.order
      let isAsked = isSorted || column.priority < 2 || !list.columns.isEmpty
      guard isAsked || (content?.hasContent ?? true) || rows.isEmpty else { return nil }
      return (column, column.placed(in: area.width, content: content, isSorted: isSorted))
    }
    self.columns = sized.map(\.0)
    self.list = list
    self.area = area
    placed = Table.place(sized.map(\.1), x: area.x + Self.gutter, width: area.width - Self.gutter)
  }

  /// The order of the column whose title is at screen column `x`; `nil` if none.
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
      let glyph = list.cursor.isPlaced ? context.glyphs.cursor : context.glyphs.cursorAtTop
      frame.put(String(glyph), x: line.x, y: line.y, role: .accent)
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

/// The width that a column's cells need, and whether any cell has content.
struct ColumnContent: Sendable, Equatable {
  /// Time for which a column stays as wide as before.
  static let memory = Duration.seconds(60)
  /// Maximum measured width of a cell, in columns.
  private static let mostMeasured = 200

  var width = 0
  /// The width with which the shortened cells of the first column still differ; 0 for other columns.
  private(set) var distinct = 0
  var hasContent = false
  /// When the cells last had this width, and last had content.
  private var wideAt: Timestamp
  private var filledAt: Timestamp

  /// `nil` for cells that fill any width.
  init?<Row, Order>(_ column: ListColumn<Row, Order>, _ rows: ArraySlice<Row>, _ context: DrawContext) {
    guard !column.fillsWidth else { return nil }
    (wideAt, filledAt) = (context.now, context.now)
    let cell = CellContext(
      width: Self.mostMeasured, now: context.now, glyphs: context.glyphs, localOffset: context.localOffset)
    for row in rows {
      let text = column.cell(row, cell)
      width = max(width, text.columns)
      hasContent = hasContent || text.spans.contains { $0.text != Quantity.unknown && $0.text != "" }
    }
    if column.priority == 0, column.align == .left { distinct = Self.distinct(column, rows, width, context) }
  }

  private static func distinct<Row, Order>(
    _ column: ListColumn<Row, Order>, _ rows: ArraySlice<Row>, _ width: Int, _ context: DrawContext
  ) -> Int {
    func count(_ columns: Int) -> Int {
      let cell = CellContext(
        width: columns, now: context.now, glyphs: context.glyphs, localOffset: context.localOffset)
      return Set(rows.map { TextLine(column.cell($0, cell).text, columns: columns, ellipsis: nil).scalars }).count
    }
    let least = column.width.resolve(context.columns).least
    guard least < width else { return least }
    let all = count(mostMeasured)
    return stride(from: least, to: width, by: 4).first { count($0) == all } ?? width
  }

  /// Combines this with a measurement of some of its rows.
  func widened(by part: ColumnContent) -> ColumnContent {
    var content = self
    if part.width > width { (content.width, content.wideAt) = (part.width, part.wideAt) }
    if part.hasContent { (content.hasContent, content.filledAt) = (true, part.filledAt) }
    return content
  }

  /// Combines this with a later measurement.
  func followed(by next: ColumnContent, now: Timestamp) -> ColumnContent {
    var content = next
    if next.width < width, now - wideAt < Self.memory { (content.width, content.wideAt) = (width, wideAt) }
    if next.distinct < distinct, now - wideAt < Self.memory { content.distinct = distinct }
    if !next.hasContent, hasContent, now - filledAt < Self.memory {
      (content.hasContent, content.filledAt) = (true, filledAt)
    }
    return content
  }
}
