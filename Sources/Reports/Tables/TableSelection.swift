import Core

/// Which part of the tables is printed, and in which order.
package struct TableSelection: Sendable {
  package struct Order: Sendable {
    package var column: String
    package var isDescending: Bool

    package init(column: String, isDescending: Bool = false) {
      self.column = column
      self.isDescending = isDescending
    }
  }

  /// By name; empty means those of the sections.
  package var tables: [String] = []
  /// By name, in this order; empty means all. A table that has none of them is left out.
  package var columns: [String] = []
  /// Concerns the tables that have the column.
  package var order: Order?
  package var hasHeaders = true
  /// Values wider than 48 columns are cut; so that they fit on a terminal.
  package var isElided = false
  /// CSV for a spreadsheet: no text is taken for a formula.
  package var isForSpreadsheets = false

  package init() {}

  /// `nil` when nothing of it was asked for.
  func apply(to table: ReportTable, isWide: Bool) -> ReportTable? {
    var table = table
    sort(&table)
    var places = table.shape.columns.indices.filter { isWide || !table.shape.columns[$0].isWide }
    if !columns.isEmpty {
      places = columns.compactMap { name in table.shape.columns.firstIndex { $0.name == name } }
      if places.isEmpty { return nil }
    }
    if places.count == table.shape.columns.count, columns.isEmpty { return table }
    table.shape.columns = places.map { table.shape.columns[$0] }
    table.rows = table.rows.map { row in places.map { row[$0] } }
    return table
  }

  /// Whether it is printed at all, so that what is not need not be made.
  func isWanted(_ kind: SnapshotTable.Kind, isWide: Bool) -> Bool {
    if !tables.isEmpty { return tables.contains(kind.name) }
    return isWide || !kind.isWide
  }

  private func sort(_ table: inout ReportTable) {
    guard let order, let place = table.shape.columns.firstIndex(where: { $0.name == order.column }) else { return }
    let sorted = table.rows.enumerated().sorted { left, right in
      ColumnValue.comesBefore(left.element[place], right.element[place], isDescending: order.isDescending)
        ?? (left.offset < right.offset)
    }
    table.rows = sorted.map(\.element)
  }
}
