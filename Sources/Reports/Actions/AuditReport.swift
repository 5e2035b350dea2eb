import Core
import TUI
import Text

/// Formats the audit log as text, tables and JSON.
package struct AuditReport {
  private let path: String
  private let records: [ActionRecord]
  private let damages: [(line: Int, message: String)]
  private let head: String?
  private let runs: [RunRecord]

  /// `records` are in the order of the log, `head` is the hash of its last line, `runs` are the runs that the records belong to.
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

  /// Who did what and why, the counts by outcome, and failures by reason.
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

  /// Counts by outcome and text. The text of successful outcomes is ignored.
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

/// Escapes external text for Markdown.
private enum MarkdownText {
  static func line(_ text: String) -> String { Sanitizer.sanitized(text) + "\n" }
  static func cell(_ text: String) -> String { text.replacing("\\", with: "\\\\").replacing("|", with: "\\|") }
}

/// One run with the counts of its outcomes.
package struct RunRow: Sendable {
  package var run: RunRecord
  /// Whether a process is running it.
  package var isRunning = false
  /// Number of subjects by the outcome's name.
  package var counts: [String: Int] = [:]

  package init(_ run: RunRecord) { self.run = run }

  /// Number of subjects that were neither sent nor skipped.
  var left: Int { max(0, run.count - counts.values.reduce(0, +)) }

  /// "running", "paused by bob", "ended", "ended early".
  var state: String {
    if isRunning {
      guard let asked = run.control, asked.control != .resume else { return "running" }
      return asked.control == .pause ? "paused by \(asked.operator)" : "stopping"
    }
    return left + (counts["cancelled"] ?? 0) > 0 ? "ended early" : "ended"
  }

  var sums: String {
    let parts = counts.sorted { (-$0.value, $0.key) < (-$1.value, $1.key) }.map { "\($0.key) \($0.value)" }
    return (parts + (left > 0 ? ["not sent \(left)"] : [])).joined(separator: ", ")
  }
}

/// Formats the list of runs as text and JSON.
package struct RunsReport {
  private let rows: [RunRow]

  package init(_ rows: [RunRow]) { self.rows = rows }

  package var table: String {
    rows.map { row in
      let run = row.run
      let reason = run.reason.isEmpty ? "" : " (\(run.reason))"
      let rest = run.resumes.map { ", the rest of \($0)" } ?? ""
      return Sanitizer.sanitized(
        "\(run.intent)  \(run.time.iso8601)  \(run.action.rawValue) \(run.count) in \(run.context) by \(run.operator.name)\(reason)"
          + "\(rest)  \(row.state): \(row.sums)") + "\n"
    }.joined()
  }

  package var json: String {
    let runs = rows.map { row in
      JSONValue.object([
        ("intent", .string(row.run.intent)), ("time", JSONValue(row.run.time)),
        ("action", .string(row.run.action.rawValue)), ("context", .string(row.run.context)),
        ("operator", .string(row.run.operator.name)),
        ("reason", JSONValue(row.run.reason.isEmpty ? nil : row.run.reason)),
        ("resumes", JSONValue(row.run.resumes)), ("count", JSONValue(row.run.count)), ("state", .string(row.state)),
        ("notSent", JSONValue(row.left)),
        ("outcomes", .object(row.counts.sorted { $0.key < $1.key }.map { ($0.key, JSONValue($0.value)) })),
      ])
    }
    let document = JSONValue.object([("schema", .string("sagatop.runs/v1")), ("runs", .array(runs))])
    return JSONWriter.write(document, isPretty: true) + "\n"
  }
}
