import Core
import TUI
import Text

/// The audit log, for people and for programs.
package struct ActionsReport {
  private let path: String
  private let records: [ActionRecord]
  private let damages: [(line: Int, message: String)]
  private let head: String?
  private let runs: [RunRecord]

  /// `records` in the order of the log, `head` is the hash of its last line. `runs` are the plans that they belong to.
  package init(
    path: String, records: [ActionRecord], damages: [(line: Int, message: String)], head: String? = nil,
    runs: [RunRecord] = []
  ) {
    self.path = path
    self.records = records
    self.damages = damages
    self.head = head
    self.runs = runs
  }

  package var json: String {
    let broken = damages.map { JSONValue.object([("line", .int(Int64($0.line))), ("message", .string($0.message))]) }
    let document = JSONValue.object([
      ("schema", .string("sagatop.actions/v1")), ("log", .string(path)), ("head", JSONValue(head)),
      ("damages", .array(broken)), ("actions", .array(records.map(ActionJSON.record))),
    ])
    return JSONWriter.write(document, isPretty: true) + "\n"
  }

  private var rows: ReportTable { ReportTable("actions", records, now: .distantPast) }

  package var table: String {
    var output = ""
    AlignedTable.write(rows, hasHeaders: true, to: &output)
    return output
  }

  package var csv: String {
    var output = ""
    CSVTable.write(rows, hasHeaders: true, to: &output)
    return output
  }

  /// Who did what and why, how much of it worked, and what did not by reason.
  package var markdown: String {
    var output = "# Actions\n\n"
    for run in runs {
      let why = run.reason.isEmpty ? "no reason given" : run.reason
      let rest = run.resumes.map { ", the rest of `\($0)`" } ?? ""
      output += MarkdownText.line(
        "- \(run.time.iso8601): \(run.operator.name) had \(run.count) \(run.action.rawValue) in \(run.context): \(why) (`\(run.intent)`\(rest))"
      )
      if let insisted = run.insisted { output += MarkdownText.line("  - insisted although: \(insisted)") }
    }
    output += "\n| outcome | number | words |\n|---|---:|---|\n"
    for sum in sums { output += MarkdownText.line("| \(sum.name) | \(sum.count) | \(MarkdownText.cell(sum.words)) |") }
    output += "\n"
    MarkdownTable.write(rows, hasHeaders: true, to: &output)
    return output
  }

  private struct Sum {
    var name: String
    var words: String
    var count: Int
  }

  /// By outcome and its words; of what went well the words do not matter.
  private var sums: [Sum] {
    var sums: [Sum] = []
    for record in records {
      let words =
        switch record.outcome {
        case .refused, .unknown, .failedAgain, .skipped: record.outcome.detail ?? ""
        default: ""
        }
      if let place = sums.firstIndex(where: { $0.name == record.outcome.name && $0.words == words }) {
        sums[place].count += 1
      } else {
        sums.append(Sum(name: record.outcome.name, words: words, count: 1))
      }
    }
    return sums.sorted { ($1.count, $0.name) < ($0.count, $1.name) }
  }
}

/// Text of others in Markdown.
private enum MarkdownText {
  static func line(_ text: String) -> String { Sanitizer.sanitized(text) + "\n" }
  static func cell(_ text: String) -> String { text.replacing("\\", with: "\\\\").replacing("|", with: "\\|") }
}
