import Core
import TUI

/// A table of a report, for the formats `table`, `wide`, `csv` and `markdown`.
package struct ReportTable: Sendable {
  /// A table's name and columns.
  package struct Shape: Sendable {
    package var name: String
    package var columns: [ColumnHead]
  }

  package var shape: Shape
  /// Each row has one cell per column.
  var rows: [[ColumnValue]]

  init<Row: TableRow>(_ name: String, _ rows: [Row], now: Timestamp) {
    shape = Shape(name: name, columns: Row.columns.map(\.head))
    self.rows = rows.map { row in Row.columns.map { $0.value(row, now) } }
  }
}

/// A table with aligned text columns. Supports wide characters.
enum AlignedTable {
  /// On a terminal, longer values are cut with `…`, except in the last column.
  private static let widest = 48

  private struct Text {
    var text: String
    var columns: Int
  }

  static func write(_ table: ReportTable, hasHeaders: Bool, isElided: Bool = false, to output: inout String) {
    let columns = table.shape.columns
    let last = columns.count - 1
    var lines = table.rows.map { row in row.enumerated().map { text($1.shown, isWhole: $0 == last || !isElided) } }
    if hasHeaders { lines.insert(columns.map { text($0.title, isWhole: true) }, at: 0) }
    let widths = columns.indices.map { column in lines.reduce(0) { max($0, $1[column].columns) } }
    for line in lines {
      for (place, cell) in line.enumerated() {
        if place > 0 { output += "  " }
        let blanks = widths[place] - cell.columns
        if columns[place].isNumber { pad(blanks, &output) }
        output += cell.text
        if !columns[place].isNumber, place != last { pad(blanks, &output) }
      }
      output += "\n"
    }
  }

  private static func pad(_ count: Int, _ output: inout String) {
    for _ in 0..<count { output += " " }
  }

  /// Fast path for ASCII text, which needs no escaping or width calculation.
  private static func text(_ text: String, isWhole: Bool) -> Text {
    let count = text.utf8.count
    if isWhole || count <= widest, text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f }) {
      return Text(text: text, columns: count)
    }
    let clean = Sanitizer.sanitized(text)
    let cut = isWhole ? clean : Truncation.middle(clean, columns: widest, ellipsis: Glyphs.unicode.ellipsis)
    return Text(text: cut, columns: TextWidth.columns(of: cut))
  }
}

/// A table as CSV (RFC 4180): commas, quotes where needed, lines that end with CR LF.
enum CSVTable {
  /// `isForSpreadsheets`: a text that a spreadsheet would interpret as a formula is prefixed with an apostrophe.
  static func write(_ table: ReportTable, hasHeaders: Bool, isForSpreadsheets: Bool = false, to output: inout String) {
    if hasHeaders { write(table.shape.columns.map(\.header), to: &output) }
    for row in table.rows { write(row.map { isForSpreadsheets ? guarded($0) : $0.raw }, to: &output) }
  }

  /// The characters are from OWASP's page on CSV injection. Numbers stay unchanged.
  private static func guarded(_ value: ColumnValue) -> String {
    guard case .text(let text?) = value, let first = text.unicodeScalars.first,
      "=+-@\t\r\u{FF1D}\u{FF0B}\u{FF0D}\u{FF20}".unicodeScalars.contains(first)
    else { return value.raw }
    return "'" + text
  }

  private static func write(_ fields: [String], to output: inout String) {
    for (place, field) in fields.enumerated() {
      if place > 0 { output += "," }
      write(field, to: &output)
    }
    output += "\r\n"
  }

  private static func write(_ field: String, to output: inout String) {
    let isPlain = field.utf8.allSatisfy {
      $0 >= 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: ",")
    }
    guard !isPlain else { return output += field }
    output += "\""
    output += Sanitizer.sanitized(field).replacing("\"", with: "\"\"")
    output += "\""
  }
}

/// A table in GitHub Markdown, with its name as heading.
enum MarkdownTable {
  static func write(_ table: ReportTable, hasHeaders: Bool, to output: inout String) {
    if hasHeaders { output += "## \(table.shape.name)\n\n" }
    write(table.shape.columns.map(\.title), to: &output)
    output += "|" + table.shape.columns.map { $0.isNumber ? "---:|" : "---|" }.joined() + "\n"
    for row in table.rows { write(row.map { Markdown.text($0.shown) }, to: &output) }
    if table.rows.isEmpty { write(table.shape.columns.map { _ in " " }, to: &output) }
  }

  private static func write(_ cells: [String], to output: inout String) {
    output += "| " + cells.joined(separator: " | ") + " |\n"
  }
}
