import Core

/// A metric with its samples, as OpenMetrics knows it. All are gauges: a snapshot tells how things are, and its process keeps no counts.
struct MetricFamily: Sendable {
  struct Sample: Sendable {
    var labels: [(name: String, value: String)]
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
    samples.append(Sample(labels: labels.map { (name: $0.0, value: $0.1) }, value: value))
  }
}
