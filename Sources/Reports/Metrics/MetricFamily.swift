import Core
import TUI

/// A label of a time series.
package struct MetricLabel: Sendable, Equatable {
  package var name: String
  package var value: String

  package init(name: String, value: String) {
    self.name = name
    self.value = value
  }

  /// Parses `env=prod`. `nil` if the part before `=` is not a valid label name.
  package init?(_ text: String) {
    guard let sign = text.firstIndex(of: "=") else { return nil }
    (name, value) = (String(text[..<sign]), String(text[text.index(after: sign)...]))
    func isLetter(_ byte: UInt8) -> Bool { 0x61...0x7a ~= byte | 0x20 || byte == UInt8(ascii: "_") }
    guard let first = name.utf8.first, isLetter(first), !name.hasPrefix("__"),
      name.utf8.allSatisfy({ isLetter($0) || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 })
    else { return nil }
  }
}

/// An OpenMetrics metric with its samples. All are gauges: a snapshot shows the current state, and its process has no counters.
struct MetricFamily: Sendable {
  struct Sample: Sendable {
    var labels: [MetricLabel]
    var value: Double
  }

  var name: String
  /// Name suffix for the unit. `nil` for a count.
  var unit: String?
  var help: String
  var samples: [Sample] = []

  /// An unknown value adds no sample; it is not 0.
  mutating func add(_ value: Double?, _ labels: (String, String)...) { append(value, labels) }

  mutating func add(_ value: (some BinaryInteger)?, _ labels: (String, String)...) {
    append(value.map { Double($0) }, labels)
  }

  mutating func add(_ value: Known<Int64>, _ labels: (String, String)...) {
    append(value.value.map { Double($0) }, labels)
  }

  private mutating func append(_ value: Double?, _ labels: [(String, String)]) {
    guard let value, value.isFinite else { return }
    samples.append(Sample(labels: labels.map { MetricLabel(name: $0.0, value: $0.1) }, value: value))
  }
}

/// Writes metrics as OpenMetrics text that parsers of the older Prometheus format also accept: no timestamps, only gauges, and lines
/// unknown to the older format only as comments.
enum OpenMetricsText {
  /// Maximum bytes of a label's value.
  private static let longestLabel = 200

  /// `labels` are added to every series.
  static func text(_ families: [MetricFamily], labels common: [MetricLabel]) -> String {
    var text = ""
    for family in families where !family.samples.isEmpty {
      text += "# HELP \(family.name) \(family.help)\n# TYPE \(family.name) gauge\n"
      if let unit = family.unit { text += "# UNIT \(family.name) \(unit)\n" }
      // Two names may become equal after escaping, and a collector rejects a file with a duplicate series.
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

  /// Escapes control characters as on the screen. A value that is too long is cut and gets a hash that distinguishes it from others with
  /// the same start.
  private static func escaped(_ text: String) -> String {
    let cut = text.utf8.count <= longestLabel ? text : "\(text.prefix(longestLabel / 4))…\(number(of: text))"
    return Sanitizer.sanitized(cut).replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
  }

  /// FNV-1a hash: equal in every run, as names of series must be stable.
  private static func number(of text: String) -> String {
    String(text.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }, radix: 16)
  }
}
