import Core
import TUI
import Text

/// One run with what became of its subjects.
package struct RunRow: Sendable {
  package var run: RunRecord
  /// A process is at it now.
  package var isRunning = false
  /// By the outcome's name.
  package var counts: [String: Int] = [:]

  package init(_ run: RunRecord) { self.run = run }

  /// Subjects that were neither sent nor skipped.
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

/// The plans that were run, for people and for programs.
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
