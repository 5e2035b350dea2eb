import Core
import Text

/// A column of a list: its title, its width, the order selected by its title, and its cell content.
package struct ListColumn<Row, Order: Sendable>: Sendable {
  let title: String
  let width: ColumnWidth
  let align: Frame.Alignment
  /// Columns with the lowest numbers are removed last.
  let priority: Int
  let order: Order?
  let cell: @Sendable (Row, CellContext) -> StyledLine

  /// The name of the column in `:columns`.
  var name: String { title.lowercased().replacing(" ", with: "-") }

  init(
    _ title: String, _ width: ColumnWidth, align: Frame.Alignment = .left, priority: Int, order: Order? = nil,
    cell: @escaping @Sendable (Row, CellContext) -> StyledLine
  ) {
    self.title = title
    self.width = width
    self.align = align
    self.priority = priority
    self.order = order
    self.cell = cell
  }

  /// The cell content adapts to any width, like a timeline.
  var fillsWidth: Bool { width.resolve(0).ideal == .max || isTrend }
  var isTrend: Bool { title == "TREND" }

  /// Room for a timeline with the names of its steps.
  private static var usualFill: Int { 36 }

  /// The column in a table of `columns` screen columns. Columns of text grow with their content in steps of four, so that the others do
  /// not move with each row. In narrow tables `width` limits them, but ids stay distinct.
  func placed(in columns: Int, content: ColumnContent?, isSorted: Bool) -> Table.Column {
    let (least, ideal) = width.resolve(columns)
    guard let content else {
      return Table.Column(
        title, width: least, idealWidth: max(least, min(ideal, Self.usualFill)), mostWidth: ideal, fills: true,
        align: align, priority: priority)
    }
    let title = TextWidth.columns(of: self.title) + (isSorted ? 1 : 0)
    guard align == .left else {
      let needed = max(min(least, max(title, 5)), content.width)
      return Table.Column(self.title, width: needed, align: align, priority: priority)
    }
    let needed = max(title, (content.width + 3) / 4 * 4)
    let width = min(needed, max(least, min(content.distinct, columns / 2)))
    return Table.Column(
      self.title, width: width, idealWidth: min(needed, max(ideal, title)), mostWidth: needed, align: align,
      priority: priority)
  }
}

/// The width of a column, depending on the width of the table in screen columns.
package struct ColumnWidth: Sendable {
  let resolve: @Sendable (_ columns: Int) -> (least: Int, ideal: Int)

  static func exactly(_ width: Int) -> ColumnWidth { ColumnWidth { _ in (width, width) } }

  /// Grows up to `ideal` if there is room.
  static func from(_ least: Int, to ideal: Int) -> ColumnWidth { ColumnWidth { _ in (least, ideal) } }

  static func by(_ resolve: @escaping @Sendable (Int) -> (least: Int, ideal: Int)) -> ColumnWidth {
    ColumnWidth(resolve: resolve)
  }
}

/// The size and environment of a cell.
package struct CellContext {
  let width: Int
  let now: Timestamp
  let glyphs: Glyphs
  let localOffset: Duration

  /// Shortens the text in its middle.
  func middle(_ text: String, _ role: StyleRole = .text) -> StyledLine {
    StyledLine(Truncation.middle(text, columns: width, ellipsis: glyphs.ellipsis), role)
  }

  /// Unknown values are dim.
  func known(_ text: String?, _ role: StyleRole = .text) -> StyledLine {
    guard let text, text != Quantity.unknown else { return StyledLine(Quantity.unknown, .dim) }
    return StyledLine(text, role)
  }

  /// The newest value is at the right edge, so that rows can be compared.
  func trend(_ history: [Double?], floor: Double) -> StyledLine {
    let bars = Sparkline.text(history, columns: width, floor: floor, glyphs: glyphs)
    return StyledLine(String(repeating: " ", count: max(0, width - bars.count)) + bars, .chart)
  }
}
