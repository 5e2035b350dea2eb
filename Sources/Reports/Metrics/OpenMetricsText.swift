import TUI

/// Writes metrics as OpenMetrics text that parsers of Prometheus' older format take as well: no timestamps, gauges only, and what the
/// older one does not know stands in comments.
enum OpenMetricsText {
  /// Bytes of a label's value.
  private static let longestLabel = 200

  static func text(_ families: [MetricFamily]) -> String {
    var text = ""
    for family in families where !family.samples.isEmpty {
      text += "# HELP \(family.name) \(family.help)\n# TYPE \(family.name) gauge\n"
      if let unit = family.unit { text += "# UNIT \(family.name) \(unit)\n" }
      for sample in family.samples { text += line(family.name, sample) }
    }
    return text + "# EOF\n"
  }

  private static func line(_ name: String, _ sample: MetricFamily.Sample) -> String {
    let labels = sample.labels.map { "\($0.name)=\"\(escaped($0.value))\"" }.joined(separator: ",")
    return "\(name)\(labels.isEmpty ? "" : "{\(labels)}") \(number(sample.value))\n"
  }

  private static func number(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : "\(value)"
  }

  /// Control characters are shown, as on the screen; what is too long is cut, with a mark.
  private static func escaped(_ text: String) -> String {
    let clean = Sanitizer.sanitized(text.utf8.count <= longestLabel ? text : text.prefix(longestLabel / 4) + "…")
    return clean.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
  }
}
