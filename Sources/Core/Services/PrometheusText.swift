/// Parses Prometheus text format and OpenMetrics, line by line. An invalid line is counted and makes its family unknown.
package struct PrometheusText: Sendable {
  private struct Histogram {
    var name: String
    /// Number of limit units per second: 1000 for milliseconds.
    var perSecond = 1.0
  }

  /// Request counters in order of preference: client libraries of Python, Node, Go; prometheus-net; Micrometer; OpenTelemetry;
  /// django-prometheus, prometheus-flask-exporter, starlette-exporter; Traefik.
  private static let counters = [
    "http_requests_total", "http_requests_received_total", "http_server_requests_total", "flask_http_request_total",
    "starlette_requests_total", "fastapi_requests_total", "django_http_responses_total_by_status_total",
    "traefik_service_requests_total", "http_server_requests_seconds_count",
    "http_server_request_duration_seconds_count", "http_server_duration_milliseconds_count",
    "http_server_duration_seconds_count", "http_server_duration_count", "http_request_duration_seconds_count",
    "flask_http_request_duration_seconds_count", "http_request_duration_milliseconds_count",
    "http_request_duration_ms_count",
  ]
  /// Histograms of request durations, in order of preference.
  private static let histograms = [
    Histogram(name: "http_request_duration_highr_seconds"), Histogram(name: "http_request_duration_seconds"),
    Histogram(name: "http_server_requests_seconds"), Histogram(name: "http_server_request_duration_seconds"),
    Histogram(name: "http_server_duration_milliseconds", perSecond: 1000),
    Histogram(name: "http_server_duration_seconds"), Histogram(name: "http_server_duration", perSecond: 1000),
    Histogram(name: "flask_http_request_duration_seconds"), Histogram(name: "starlette_request_duration_seconds"),
    Histogram(name: "django_http_requests_latency_seconds_by_view_method"),
    Histogram(name: "traefik_service_request_duration_seconds"),
    Histogram(name: "http_request_duration_milliseconds", perSecond: 1000),
    Histogram(name: "http_request_duration_ms", perSecond: 1000),
  ]
  private static let counterPlaces = places(counters)
  /// The index of the histogram by each of its metric names.
  private static let familyPlaces = Dictionary(
    histograms.enumerated().flatMap { place, histogram in
      ["", "_bucket", "_count", "_sum"].map { (histogram.name + $0, place) }
    }
  ) { first, _ in first }
  private static let histogramPlaces = places(histograms.map { $0.name + "_bucket" })
  private static let statusLabels: Set<String> = [
    "status", "code", "status_code", "http_response_status_code", "http_status_code", "http_status",
  ]
  private static let mostGauges = 20
  private static let mostSeries = 20_000
  private static let longestBadLine = 120

  private let gauges: Set<String>

  /// `gauges` are the names of metrics that are shown unchanged.
  package init(gauges: [String] = []) {
    self.gauges = Set(gauges)
  }

  private static func places(_ names: [String]) -> [String: Int] {
    Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
  }

  /// `isOpenMetrics`: declared by the server. A page that ends with `# EOF` is always OpenMetrics.
  package func read(_ bytes: [UInt8], isOpenMetrics: Bool = false) -> MetricsPage {
    var page = MetricsPage()
    var found = Found()
    let lines = bytes.split(separator: UInt8(ascii: "\n"))
    let isEnded = lines.last.map { String(decoding: $0, as: UTF8.self).hasPrefix("# EOF") } ?? false
    for line in lines {
      let text = String(decoding: line, as: UTF8.self)
      guard let first = text.utf8.first(where: { $0 != 0x20 && $0 != 0x09 }) else { continue }
      if first == UInt8(ascii: "#") { continue }
      page.lines += 1
      if String(validating: line, as: UTF8.self) != nil,
        let sample = MetricSample(text, isOpenMetrics: isOpenMetrics || isEnded)
      {
        add(sample, to: &page, &found)
      } else {
        Self.noteBad(text, in: &page, &found)
      }
    }
    found.finish(&page)
    if isOpenMetrics, !isEnded {
      (page.counters, page.histograms) = ([], [])
      page.problem = "the page breaks off: OpenMetrics ends with `# EOF`"
    }
    return page
  }

  private static func noteBad(_ text: String, in page: inout MetricsPage, _ found: inout Found) {
    page.badLines += 1
    if page.firstBadLine == nil {
      page.firstBadLine = String(String.UnicodeScalarView(text.unicodeScalars.prefix(longestBadLine)))
    }
    let name = text.utf8.drop { " {\"".utf8.contains($0) }.prefix(longestBadLine).prefix {
      !" {\t\",".utf8.contains($0)
    }
    let family = underscored(String(Substring(name)))
    if let place = counterPlaces[family] { found.badCounters.insert(place) }
    if let place = familyPlaces[family] {
      found.badHistograms[place] = text.contains("schema:") ? .native : .damaged
    }
  }

  /// Names of OpenTelemetry contain points, which are replaced by underscores.
  private static func underscored(_ name: String) -> String {
    let (point, line) = (UInt8(ascii: "."), UInt8(ascii: "_"))
    return name.utf8.contains(point) ? String(decoding: name.utf8.map { $0 == point ? line : $0 }, as: UTF8.self) : name
  }

  private func add(_ sample: MetricSample, to page: inout MetricsPage, _ found: inout Found) {
    if gauges.contains(sample.name), sample.value.isFinite, page.gauges.count < Self.mostGauges {
      page.gauges.append(MetricsPage.Gauge(Self.title(sample), sample.value))
    }
    let name = Self.underscored(sample.name)
    if name == "process_start_time_seconds", sample.value.isFinite { page.processStarts.append(sample.value) }
    guard sample.value.isFinite, sample.value >= 0, found.series < Self.mostSeries else { return }
    if let place = Self.counterPlaces[name] { found.count(place, sample, Self.isError(sample)) }
    if let place = Self.histogramPlaces[name], let text = sample.label("le") {
      let limit = text == "+Inf" ? Double.infinity : Double(text).map { $0 / Self.histograms[place].perSecond }
      guard let limit, !limit.isNaN else { return found.badHistograms[place] = .damaged }
      found.bucket(place, Self.key(sample), MetricsPage.Bucket(limit, sample.value))
    }
  }

  /// Whether the status is `5xx` or 500 to 599; `nil` if no label contains a status.
  private static func isError(_ sample: MetricSample) -> Bool? {
    let classes = sample.labels.filter { statusLabels.contains(underscored($0.name)) }
      .compactMap { statusClass($0.value) }
    return classes.isEmpty ? nil : classes.contains("5")
  }

  private static func statusClass(_ text: String) -> Character? {
    guard text.utf8.count == 3, let first = text.first, "12345".contains(first),
      text.dropFirst().allSatisfy({ $0 == "x" || $0 == "X" }) || Int(text) != nil
    else { return nil }
    return first
  }

  /// The labels without the bucket's limit, which identify the series within its family.
  private static func key(_ sample: MetricSample) -> String {
    sample.labels.lazy.filter { $0.name != "le" }.map { "\($0.name)\u{1}\($0.value)" }.sorted().joined(
      separator: "\u{2}")
  }

  /// Example: `online_users{service=chat}`.
  private static func title(_ sample: MetricSample) -> String {
    let labels = sample.labels.map { "\($0.name)=\($0.value)" }.joined(separator: ",")
    let title = labels.isEmpty ? sample.name : "\(sample.name){\(labels)}"
    return String(String.UnicodeScalarView(title.unicodeScalars.prefix(longestBadLine)))
  }

  /// The known families of a page, by their index in the lists above.
  private struct Found {
    enum Damage { case damaged, native }

    var counters: [Int: [String: MetricsPage.Counter]] = [:]
    var histograms: [Int: [String: [MetricsPage.Bucket]]] = [:]
    var badCounters: Set<Int> = []
    var badHistograms: [Int: Damage] = [:]
    var series = 0

    mutating func count(_ place: Int, _ sample: MetricSample, _ isError: Bool?) {
      let key = PrometheusText.key(sample)
      if counters[place]?[key] != nil { badCounters.insert(place) }
      counters[place, default: [:]][key] = MetricsPage.Counter(key, sample.value, isError: isError)
      series += 1
    }

    mutating func bucket(_ place: Int, _ key: String, _ bucket: MetricsPage.Bucket) {
      histograms[place, default: [:]][key, default: []].append(bucket)
      series += 1
    }

    func finish(_ page: inout MetricsPage) {
      if let place = counters.keys.min() ?? badCounters.min() {
        if badCounters.contains(place) {
          page.problem = "lines of \(PrometheusText.counters[place]) are damaged or there twice: no rate"
        } else {
          page.counters = counters[place]?.values.sorted { $0.series < $1.series } ?? []
        }
      }
      if series >= PrometheusText.mostSeries {
        page.counters = []
        page.problem = "more than \(PrometheusText.mostSeries) series of requests: no rate"
      }
      finishHistograms(&page)
    }

    private func finishHistograms(_ page: inout MetricsPage) {
      guard let place = (Array(histograms.keys) + badHistograms.keys).min() else { return }
      let name = PrometheusText.histograms[place].name
      let all = (histograms[place] ?? [:]).mapValues { $0.sorted { $0.limit < $1.limit } }
      if badHistograms[place] == .native || (!all.isEmpty && all.values.allSatisfy { $0.count < 2 }) {
        page.quantileProblem = "\(name) is a native histogram, whose buckets are not in the text: no quantiles"
      } else if badHistograms[place] != nil || !all.values.allSatisfy(Self.isWhole)
        || series >= PrometheusText.mostSeries
      {
        page.quantileProblem = "lines of \(name) are damaged or lacking: no quantiles"
      } else {
        page.histograms = all.sorted { $0.key < $1.key }.map {
          MetricsPage.Histogram(series: $0.key, buckets: $0.value)
        }
      }
    }

    /// Bucket counts are cumulative, and the last bucket contains all requests.
    private static func isWhole(_ buckets: [MetricsPage.Bucket]) -> Bool {
      guard buckets.last?.limit == .infinity else { return false }
      return zip(buckets, buckets.dropFirst()).allSatisfy { $0.limit < $1.limit && $0.count <= $1.count }
    }
  }
}
