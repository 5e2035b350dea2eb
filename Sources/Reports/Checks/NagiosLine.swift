import Core
import TUI
import Text

/// Formats check results as the line that Nagios and Icinga expect from a plug-in, with performance data.
package enum NagiosLine {
  /// Nagios reads 4 KiB of a plug-in's output by default, so texts are cut at this width.
  private static let mostTextColumns = 120

  package static func text(_ results: [CheckResult]) -> String {
    let state = CheckState.worst(results.map(\.state))
    let order: [CheckState] = [.critical, .warning, .unknown, .ok]
    let phrases = order.flatMap { state in results.filter { $0.state == state } }.map(phrase)
    let data = results.map(performance).joined(separator: " ")
    return "SAGATOP \(state.name.uppercased()) - \(phrases.joined(separator: ", ")) | \(data)\n"
  }

  private static func phrase(_ result: CheckResult) -> String {
    let name = safe(result.check.name)
    if result.state == .unknown { return unknown(result) }
    guard let value = result.measured.value else { return "\(name) unknown (\(safe(result.measured.detail)))" }
    let sign = sign(result.measured.number.quality)
    let limits = result.check.limits
    var remarks = result.measured.detail.isEmpty ? [] : [safe(result.measured.detail)]
    if result.state != .ok, let limit = result.state == .critical ? limits.critical : limits.warning {
      let side = result.check.measure.kind.isFalling ? "below" : "from"
      remarks.insert("\(result.state.name) \(side) \(shown(limit, result.check.measure))", at: 0)
    }
    let remark = remarks.isEmpty ? "" : " (\(remarks.joined(separator: "; ")))"
    return "\(name) \(sign)\(shown(value, result.check.measure))\(remark)"
  }

  /// The reason why a value is unknown, and the last known value: `lag-time: age of 1 of 2 partitions of g-two is not known (>=4s)`.
  private static func unknown(_ result: CheckResult) -> String {
    let number = result.measured.number
    let reason = result.measured.detail.isEmpty ? "not known" : safe(result.measured.detail)
    let known = number.last.map { value in
      let instant = number.asOf.map { ", as of \($0.iso8601)" } ?? ""
      return " (\(sign(number.quality))\(shown(value, result.check.measure))\(instant))"
    }
    return "\(safe(result.check.name)): \(reason)\(known ?? "")"
  }

  private static func sign(_ quality: Quality) -> String {
    switch quality {
    case .atLeast: ">="
    case .atMost: "<="
    case .exact, .interpolated, .unknown: ""
    }
  }

  private static func shown(_ value: Double, _ measure: Measure) -> String {
    measure.unit == .seconds ? Quantity.age(.seconds(min(value, 1e9))) : number(value) + measure.unit.rawValue
  }

  /// `'label'=value[unit];warning;critical;minimum;maximum`. A lower threshold is a range that ends with a colon.
  private static func performance(_ result: CheckResult) -> String {
    let measure = result.check.measure
    let open = measure.kind.isFalling ? ":" : ""
    let value = result.measured.value.map { number($0) + measure.unit.rawValue } ?? "U"
    let thresholds = [result.check.limits.warning, result.check.limits.critical]
    let limits = thresholds.map { $0.map { number($0) + open } ?? "" }.joined(separator: ";")
    return "'\(label(result.check))'=\(value);\(limits);0;\(measure.unit == .percent ? "100" : "")"
  }

  /// A label must not contain an equals sign or a quote.
  private static func label(_ check: Check) -> String {
    let plain = check.name == check.measure.text ? brief(check.measure) : check.name
    return String(safe(plain).map { "='|".contains($0) ? "_" : $0 })
  }

  private static func brief(_ measure: Measure) -> String {
    measure.kind.rawValue + (measure.selector.map { " \($0.text)" } ?? "")
  }

  /// At most three decimal places.
  private static func number(_ value: Double) -> String {
    let rounded = (value * 1000).rounded() / 1000
    return rounded == rounded.rounded() && abs(rounded) < 1e15 ? String(Int64(rounded)) : "\(rounded)"
  }

  /// Nagios ends the text at a vertical bar.
  private static func safe(_ text: String) -> String {
    let short = Truncation.middle(text, columns: mostTextColumns, ellipsis: Glyphs.unicode.ellipsis)
    return short.replacing("|", with: "/")
  }
}

/// The member `checks` of the snapshot.
enum ChecksJSON {
  static func check(_ result: CheckResult) -> JSONValue {
    .object([
      ("name", .string(result.check.name)), ("check", .string(result.check.measure.text)),
      ("state", .string(result.state.name)), ("value", JSONValue(rounded: result.measured.value)),
      ("unit", .string(result.check.measure.unit.rawValue)),
      ("atLeast", .bool(result.measured.number.quality == .atLeast)),
      ("warning", JSONValue(rounded: result.check.limits.warning)),
      ("critical", JSONValue(rounded: result.check.limits.critical)),
      ("detail", .string(result.measured.detail)), ("quality", .string(result.measured.number.quality.rawValue)),
      ("asOf", JSONValue(result.measured.number.asOf)),
    ])
  }
}
