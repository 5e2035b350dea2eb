/// What one scrape of an instance's Prometheus text told of its requests, and the gauges that were asked for.
package struct MetricsPage: Sendable, Equatable {
  /// Requests that took at most `limit` seconds, since the process began.
  package struct Bucket: Sendable, Equatable {
    package var limit: Double
    package var count: Double

    package init(_ limit: Double, _ count: Double) {
      self.limit = limit
      self.count = count
    }
  }

  package struct Gauge: Sendable, Equatable {
    /// With its labels, as it stands in the text.
    package var name: String
    package var value: Double

    package init(_ name: String, _ value: Double) {
      self.name = name
      self.value = value
    }
  }

  /// Requests, and those of them that ended with a status of 500 or more, since the process began; `nil` where there is no such metric.
  package var requests: Double?
  package var errors: Double?
  /// By ascending limit, the last one infinite; empty where there is no histogram.
  package var buckets: [Bucket] = []
  package var gauges: [Gauge] = []
  /// When the process began, in seconds since 1970.
  package var processStart: Double?
  package var lines = 0
  /// Lines that are not of the format, and the first of them.
  package var badLines = 0
  package var firstBadLine: String?

  package init() {}
}
