import Core
import Text

/// A table in which each row is one thing and each column one field of it; by some of the fields the rows can be ordered.
protocol FieldTable {
  associatedtype Field: CaseIterable
  associatedtype Row
  associatedtype State: OrderedList

  /// `columns` is the width of the whole table.
  static func column(_ field: Field, columns: Int) -> Table.Column
  /// The order that the field's title stands for.
  static func order(of field: Field) -> State.Order?

  /// Those on the screen.
  var rows: [Row] { get }
  /// The cursor's place among them.
  var selected: Int { get }
  var state: State { get }
  var glyphs: Glyphs { get }

  func cell(_ field: Field, _ row: Row, _ width: Int) -> StyledLine
}

extension FieldTable {
  private static func columns(_ width: Int) -> [Table.Column] { Field.allCases.map { column($0, columns: width) } }

  /// Of the column whose title lies at a column of the screen.
  static func order(at x: Int, in area: Rect) -> State.Order? {
    ListTable(columns: columns(area.width), glyphs: .ascii).column(at: x, in: area).flatMap {
      order(of: Array(Field.allCases)[$0])
    }
  }

  func draw(into frame: inout Frame, _ area: Rect) {
    let fields = Array(Field.allCases)
    let sorted = fields.firstIndex { Self.order(of: $0) == state.order }
    let table = ListTable(
      columns: Self.columns(area.width), sorted: sorted.map { ($0, state.isReversed) }, glyphs: glyphs)
    table.draw(into: &frame, area, count: rows.count, selected: selected) { row, column, width in
      cell(fields[column], rows[row], width)
    }
  }

  /// What is not known stands back.
  func known(_ text: String, _ role: StyleRole = .text) -> StyledLine {
    StyledLine(text, text == Quantity.unknown ? .dim : role)
  }
}
