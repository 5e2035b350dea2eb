/// Reads Prometheus' text format, line by line and strictly: a line that is not of the format is counted, and changes nothing.
package struct PrometheusText: Sendable {
  /// Counters of requests and histograms of their durations, as the usual libraries name them, in order of preference.
  private static let counters = [
    "http_requests_total", "http_server_requests_seconds_count", "http_server_request_duration_seconds_count",
    "http_request_duration_seconds_count",
  ]
  private static let histograms = [
    "http_request_duration_highr_seconds_bucket", "http_request_duration_seconds_bucket",
    "http_server_requests_seconds_bucket", "http_server_request_duration_seconds_bucket",
  ]
  private static let statusLabels = ["status", "code", "status_code", "http_response_status_code"]
  private static let mostGauges = 20
  private static let longestBadLine = 120

  private let gauges: Set<String>

  /// `gauges` are names of metrics that are shown as they are.
  package init(gauges: [String] = []) {
    self.gauges = Set(gauges)
  }

  package func read(_ bytes: [UInt8]) -> MetricsPage {
    var reading = MetricsPage()
    var sums = Sums()
    for line in bytes.split(whereSeparator: { $0 == 0x0a }) {
      let text = String(decoding: line.last == 0x0d ? line.dropLast() : line, as: UTF8.self)
      guard !text.hasPrefix("#"), text.contains(where: { $0 != " " && $0 != "\t" }) else { continue }
      reading.lines += 1
      if let sample = MetricSample(text) {
        add(sample, text, to: &reading, &sums)
      } else {
        reading.badLines += 1
        if reading.firstBadLine == nil {
          reading.firstBadLine = String(String.UnicodeScalarView(text.unicodeScalars.prefix(Self.longestBadLine)))
        }
      }
    }
    sums.settle(&reading)
    return reading
  }

  private func add(_ sample: MetricSample, _ text: String, to reading: inout MetricsPage, _ sums: inout Sums) {
    if gauges.contains(sample.name), sample.value.isFinite, reading.gauges.count < Self.mostGauges {
      reading.gauges.append(MetricsPage.Gauge(Self.title(sample), sample.value))
    }
    if sample.name == "process_start_time_seconds" { reading.processStart = sample.value }
    if let place = Self.counters.firstIndex(of: sample.name), sample.value.isFinite, sample.value >= 0 {
      let isError = Self.statusLabels.contains { sample.label($0)?.hasPrefix("5") ?? false }
      sums.count(place, sample.value, isError: isError)
    }
    if let place = Self.histograms.firstIndex(of: sample.name), sample.value.isFinite, sample.value >= 0,
      let limit = sample.label("le").flatMap({ $0 == "+Inf" ? .infinity : Double($0) }), !limit.isNaN
    {
      sums.buckets[place, default: [:]][limit, default: 0] += sample.value
    }
  }

  /// `online_users{service=chat}`.
  private static func title(_ sample: MetricSample) -> String {
    let labels = sample.labels.map { "\($0.name)=\($0.value)" }.joined(separator: ",")
    let title = labels.isEmpty ? sample.name : "\(sample.name){\(labels)}"
    return String(String.UnicodeScalarView(title.unicodeScalars.prefix(longestBadLine)))
  }

  /// Over all label sets of a family.
  private struct Sums {
    var requests: [Int: (all: Double, errors: Double)] = [:]
    var buckets: [Int: [Double: Double]] = [:]

    mutating func count(_ place: Int, _ value: Double, isError: Bool) {
      requests[place, default: (0, 0)].all += value
      if isError { requests[place, default: (0, 0)].errors += value }
    }

    func settle(_ reading: inout MetricsPage) {
      if let first = requests.keys.min(), let sum = requests[first] {
        (reading.requests, reading.errors) = (sum.all, sum.errors)
      }
      if let first = buckets.keys.min(), let counts = buckets[first] {
        reading.buckets = counts.sorted { $0.key < $1.key }.map { MetricsPage.Bucket($0.key, $0.value) }
      }
    }
  }
}
