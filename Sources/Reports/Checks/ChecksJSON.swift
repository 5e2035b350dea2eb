import Core
import Text

/// The member `checks` of the document.
enum ChecksJSON {
  static func check(_ result: CheckResult) -> JSONValue {
    .object([
      ("name", .string(result.check.name)), ("check", .string(result.check.measure.text)),
      ("state", .string(result.state.name)), ("value", JSONValue(rounded: result.measured.value)),
      ("unit", .string(result.check.measure.unit.rawValue)),
      ("atLeast", .bool(result.measured.number.quality == .atLeast)),
      ("warning", JSONValue(rounded: result.check.warning)), ("critical", JSONValue(rounded: result.check.critical)),
      ("detail", .string(result.measured.detail)), ("quality", .string(result.measured.number.quality.rawValue)),
      ("asOf", JSONValue(result.measured.number.asOf)),
    ])
  }
}
