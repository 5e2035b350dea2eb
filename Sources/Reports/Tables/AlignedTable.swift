import TUI

/// A table in columns of text that stay straight with wide characters.
enum AlignedTable {
  /// On a terminal wider values are cut with `…`, but for the last column.
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

  /// Most values are plain letters, each of one column, and need neither cleaning nor measuring.
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
