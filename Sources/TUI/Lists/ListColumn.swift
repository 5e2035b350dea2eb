import Core
import Text

/// A column of a list: its title, its width, the order that its title stands for, and what it shows of a row.
package struct ListColumn<Row, Order: Sendable>: Sendable {
  let title: String
  let width: ColumnWidth
  let align: Frame.Alignment
  /// The lowest numbers stay longest where there is little room.
  let priority: Int
  let order: Order?
  let cell: @Sendable (Row, CellContext) -> StyledLine

  /// The word for `:columns`.
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

  /// The cell is made for whatever width it has, as a timeline is.
  var fillsWidth: Bool { width.resolve(0).ideal == .max || isTrend }
  var isTrend: Bool { title == "TREND" }

  /// In a table of so many columns of the screen. Text that differs from row to row gets as much room as it needs, in steps of four columns, so
  /// that the others do not move with each row; with little room it has what `width` says.
  func placed(in columns: Int, content: Int?, isSorted: Bool) -> Table.Column {
    let (least, ideal) = width.resolve(columns)
    guard let content else {
      return Table.Column(title, width: least, idealWidth: ideal, align: align, priority: priority)
    }
    let title = TextWidth.columns(of: self.title) + (isSorted ? 1 : 0)
    guard align == .left else {
      let needed = max(min(least, max(title, 5)), content)
      return Table.Column(self.title, width: needed, align: align, priority: priority)
    }
    let needed = max(title, (content + 3) / 4 * 4)
    return Table.Column(
      self.title, width: min(needed, least), idealWidth: min(needed, max(ideal, title)), align: align,
      priority: priority)
  }
}

/// How wide a column is in a table of so many columns of the screen.
package struct ColumnWidth: Sendable {
  let resolve: @Sendable (_ columns: Int) -> (least: Int, ideal: Int)

  static func exactly(_ width: Int) -> ColumnWidth { ColumnWidth { _ in (width, width) } }

  /// Widens up to `ideal` where there is room.
  static func from(_ least: Int, to ideal: Int) -> ColumnWidth { ColumnWidth { _ in (least, ideal) } }

  static func by(_ resolve: @escaping @Sendable (Int) -> (least: Int, ideal: Int)) -> ColumnWidth {
    ColumnWidth(resolve: resolve)
  }
}

/// Where a cell is drawn.
package struct CellContext {
  let width: Int
  let now: Timestamp
  let glyphs: Glyphs
  let localOffset: Duration

  /// Shortened in its middle.
  func middle(_ text: String, _ role: StyleRole = .text) -> StyledLine {
    StyledLine(Truncation.middle(text, columns: width, ellipsis: glyphs.ellipsis), role)
  }

  /// What is not known is dim.
  func known(_ text: String?, _ role: StyleRole = .text) -> StyledLine {
    guard let text, text != Quantity.unknown else { return StyledLine(Quantity.unknown, .dim) }
    return StyledLine(text, role)
  }

  /// The newest value at the right, so that rows can be compared.
  func trend(_ history: [Double?], floor: Double) -> StyledLine {
    let bars = Sparkline.text(history, columns: width, floor: floor, glyphs: glyphs)
    return StyledLine(String(repeating: " ", count: max(0, width - bars.count)) + bars, .chart)
  }
}
