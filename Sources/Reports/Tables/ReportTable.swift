import Core

/// A table of a report: what `-o table`, `wide`, `csv` and `markdown` print, each in its way.
package struct ReportTable: Sendable {
  /// A table without its rows.
  package struct Shape: Sendable {
    package var name: String
    package var columns: [ColumnHead]
  }

  package var shape: Shape
  /// As many cells in each as there are columns.
  var rows: [[ColumnValue]]

  init<Row: TableRow>(_ name: String, _ rows: [Row], now: Timestamp) {
    shape = Shape(name: name, columns: Row.columns.map(\.head))
    self.rows = rows.map { row in Row.columns.map { $0.value(row, now) } }
  }
}
