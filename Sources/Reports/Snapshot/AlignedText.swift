import TUI

/// Columns of text that stay straight with wide characters.
enum AlignedText {
  /// Wider values are cut with `…`; the last column may be as long as it likes.
  private static let widest = 48

  /// `right` are the columns whose values are numbers.
  static func table(_ titles: [String], _ rows: [[String]], right: Set<Int>) -> String {
    let lines = [titles] + rows.map { row in row.enumerated().map { cell($1, isLast: $0 == titles.count - 1) } }
    let widths = titles.indices.map { column in lines.map { TextWidth.columns(of: $0[column]) }.max() ?? 0 }
    return lines.map { line in
      let cells = line.enumerated().map { column, text in
        let blanks = String(repeating: " ", count: widths[column] - TextWidth.columns(of: text))
        if right.contains(column) { return blanks + text }
        return column == titles.count - 1 ? text : text + blanks
      }
      return cells.joined(separator: "  ") + "\n"
    }.joined()
  }

  private static func cell(_ text: String, isLast: Bool) -> String {
    let clean = Sanitizer.sanitized(text)
    return isLast ? clean : Truncation.middle(clean, columns: widest, ellipsis: Glyphs.unicode.ellipsis)
  }
}
