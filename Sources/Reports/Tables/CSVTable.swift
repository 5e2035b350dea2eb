import Core
import TUI

/// A table as RFC 4180 has it: commas, quotes where they are needed, lines that end with CR LF.
enum CSVTable {
  /// `isForSpreadsheets`: a text that a spreadsheet would take for a formula gets an apostrophe before it.
  static func write(_ table: ReportTable, hasHeaders: Bool, isForSpreadsheets: Bool = false, to output: inout String) {
    if hasHeaders { write(table.shape.columns.map(\.header), to: &output) }
    for row in table.rows { write(row.map { isForSpreadsheets ? guarded($0) : $0.raw }, to: &output) }
  }

  /// The characters are those of OWASP's page on CSV injection. Numbers stay numbers.
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
