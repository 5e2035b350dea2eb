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
    var output = ""
    AlignedTable.write(ReportTable("actions", records, now: .distantPast), hasHeaders: true, to: &output)
    return output
  }
}
