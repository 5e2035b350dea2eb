import Core

/// A label of a series.
package struct MetricLabel: Sendable, Equatable {
  package var name: String
  package var value: String

  package init(name: String, value: String) {
    self.name = name
    self.value = value
  }

  /// `env=prod`; `nil` where what stands before `=` is no name of a label.
  package init?(_ text: String) {
    guard let sign = text.firstIndex(of: "=") else { return nil }
    (name, value) = (String(text[..<sign]), String(text[text.index(after: sign)...]))
    func isLetter(_ byte: UInt8) -> Bool { 0x61...0x7a ~= byte | 0x20 || byte == UInt8(ascii: "_") }
    guard let first = name.utf8.first, isLetter(first), !name.hasPrefix("__"),
      name.utf8.allSatisfy({ isLetter($0) || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 })
    else { return nil }
  }
}

/// A metric with its samples, as OpenMetrics knows it. All are gauges: a snapshot tells how things are, and its process keeps no counts.
struct MetricFamily: Sendable {
  struct Sample: Sendable {
    var labels: [MetricLabel]
    var value: Double
  }

  var name: String
  /// The suffix of the name that says in what it is measured; `nil` for a number of things.
  var unit: String?
  var help: String
  var samples: [Sample] = []

  /// What is not known gives no sample: it is not 0.
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
