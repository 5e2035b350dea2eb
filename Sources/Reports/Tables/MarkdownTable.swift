import TUI

/// A table as GitHub's Markdown has it, below its name.
enum MarkdownTable {
  static func write(_ table: ReportTable, hasHeaders: Bool, to output: inout String) {
    if hasHeaders { output += "## \(table.shape.name)\n\n" }
    write(table.shape.columns.map(\.title), to: &output)
    output += "|" + table.shape.columns.map { $0.isNumber ? "---:|" : "---|" }.joined() + "\n"
    for row in table.rows { write(row.map { escaped($0.shown) }, to: &output) }
    if table.rows.isEmpty { write(table.shape.columns.map { _ in " " }, to: &output) }
  }

  private static func write(_ cells: [String], to output: inout String) {
    output += "| " + cells.joined(separator: " | ") + " |\n"
  }

  /// What comes from outside stays text: it makes no cell, no link, no emphasis and no HTML.
  private static func escaped(_ text: String) -> String {
    Sanitizer.sanitized(text).reduce(into: "") { result, character in
      switch character {
      case "\\", "|", "`", "*", "_", "[", "]", "#", "~": result += "\\\(character)"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "&": result += "&amp;"
      default: result.append(character)
      }
    }
  }
}
