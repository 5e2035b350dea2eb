/// A table as GitHub's Markdown has it, below its name.
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
