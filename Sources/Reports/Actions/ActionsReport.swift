import Core
import Text

/// The audit log, for people and for programs.
package struct ActionsReport {
  private let path: String
  private let records: [ActionRecord]
  private let damages: [(line: Int, message: String)]

  /// `records` in the order in which they were intended.
  package init(path: String, records: [ActionRecord], damages: [(line: Int, message: String)]) {
    self.path = path
    self.records = records
    self.damages = damages
  }

  package var json: String {
    let broken = damages.map { JSONValue.object([("line", .int(Int64($0.line))), ("message", .string($0.message))]) }
    let document = JSONValue.object([
      ("schema", .string("sagatop.actions/v1")), ("log", .string(path)), ("damages", .array(broken)),
      ("actions", .array(records.map(ActionJSON.record))),
    ])
    return JSONWriter.write(document, isPretty: true) + "\n"
  }

  package var table: String {
    let rows = records.map { record -> [Cell] in
      let reason = record.reason.isEmpty ? nil : "(\(record.reason))"
      return [
        .time(record.intendedAt), .text(record.action.rawValue), .text(record.subject), .text(record.context),
        .text(record.outcome.name), .text(record.operator.name),
        .text([record.outcome.detail, reason].compactMap { $0 }.joined(separator: " ")),
      ]
    }
    var output = ""
    AlignedTable.write(ReportTable(Self.shape, rows), hasHeaders: true, to: &output)
    return output
  }

  private static let shape = ReportTable.Shape(
    "actions", of: nil,
    [
      .init("TIME", .time), .init("ACTION"), .init("SUBJECT"), .init("CONTEXT"), .init("OUTCOME"), .init("OPERATOR"),
      .init("DETAIL"),
    ])
}
