import TUI

/// Writes metrics as OpenMetrics text that parsers of Prometheus' older format take as well: no timestamps, gauges only, and what the
/// older one does not know stands in comments.
enum OpenMetricsText {
  /// Bytes of a label's value.
  private static let longestLabel = 200

  /// `labels` are those of every series.
  static func text(_ families: [MetricFamily], labels common: [MetricLabel]) -> String {
    var text = ""
    for family in families where !family.samples.isEmpty {
      text += "# HELP \(family.name) \(family.help)\n# TYPE \(family.name) gauge\n"
      if let unit = family.unit { text += "# UNIT \(family.name) \(unit)\n" }
      // Two names may look alike once they are cleaned, and a collector refuses a file in which a series stands twice.
      var series: Set<String> = []
      for sample in family.samples {
        let labels = Self.text(of: common + sample.labels)
        if series.insert(labels).inserted { text += "\(family.name)\(labels) \(number(sample.value))\n" }
      }
    }
    return text + "# EOF\n"
  }

  private static func text(of labels: [MetricLabel]) -> String {
    let labels = labels.map { "\($0.name)=\"\(escaped($0.value))\"" }.joined(separator: ",")
    return labels.isEmpty ? "" : "{\(labels)}"
  }

  private static func number(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : "\(value)"
  }

  /// Control characters are shown, as on the screen; what is too long is cut, with a mark and a number that tells it from others
  /// that begin alike.
  private static func escaped(_ text: String) -> String {
    let cut = text.utf8.count <= longestLabel ? text : "\(text.prefix(longestLabel / 4))…\(number(of: text))"
    return Sanitizer.sanitized(cut).replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
  }

  /// FNV-1a: the same in every run, as series must be.
  private static func number(of text: String) -> String {
    String(text.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }, radix: 16)
  }
}
