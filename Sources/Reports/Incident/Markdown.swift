import TUI

/// Text from outside within Markdown: it cannot become a heading, a link, a tag or another cell.
enum Markdown {
  static func text(_ text: String) -> String {
    var result = ""
    for character in Sanitizer.sanitized(text) {
      switch character {
      case "|", "\\", "`", "*", "_", "[", "]", "#", "~", "$": result += "\\\(character)"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "&": result += "&amp;"
      default: result.append(character)
      }
    }
    return result
  }

  /// Cells are Markdown already.
  static func table(_ titles: [String], _ rows: [[String]]) -> [String] {
    guard !rows.isEmpty else { return [] }
    return [line(titles), line(titles.map { _ in "---" })] + rows.map(line)
  }

  /// Within a fence nothing is markup but the fence itself.
  static func fenced(_ language: String, _ lines: [String]) -> [String] {
    ["```\(language)"] + lines.map { $0.replacing("```", with: "'''") } + ["```"]
  }

  private static func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
}
