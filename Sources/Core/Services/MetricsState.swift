/// One scrape of an instance's metrics: its request counters and histograms, series by series, and the configured gauges.
package struct MetricsPage: Sendable, Equatable {
  /// Requests of one label set since its process started.
  package struct Counter: Sendable, Equatable {
    /// The labels, as a key.
    package var series: String
    package var count: Double
    /// Its requests ended with a status of 500 or more; `nil` if no label contains the status.
    package var isError: Bool?

    package init(_ series: String, _ count: Double, isError: Bool? = nil) {
      self.series = series
      self.count = count
      self.isError = isError
    }
  }

  /// Number of requests since the process started that took at most `limit` seconds.
  package struct Bucket: Sendable, Equatable {
    package var limit: Double
    package var count: Double

    package init(_ limit: Double, _ count: Double) {
      self.limit = limit
      self.count = count
    }
  }

  package struct Histogram: Sendable, Equatable {
    package var series: String
    /// By ascending limit; the last limit is infinite.
    package var buckets: [Bucket]

    package init(series: String, buckets: [Bucket]) {
      self.series = series
      self.buckets = buckets
    }
  }

  package struct Gauge: Sendable, Equatable {
    /// With its labels, as in the text.
    package var name: String
    package var value: Double

    package init(_ name: String, _ value: Double) {
      self.name = name
      self.value = value
    }
  }

  /// Of one family; empty if there is none or it is invalid.
  package var counters: [Counter] = []
  package var histograms: [Histogram] = []
  package var gauges: [Gauge] = []
  /// Start times of the processes in seconds since 1970; one per process of the page.
  package var processStarts: [Double] = []
  package var lines = 0
  /// Number of invalid lines, and the first of them.
  package var badLines = 0
  package var firstBadLine: String?
  /// Why there are no counters although the page contains some, and why there are no histograms.
  package var problem: String?
  package var quantileProblem: String?

  package init() {}

  /// Requests since the process started; `nil` without a counter.
  package var requests: Double? { counters.isEmpty ? nil : counters.reduce(0) { $0 + $1.count } }
}

/// Rates and quantiles of an instance's requests between its last two scrapes.
package struct MetricsState: Sendable, Equatable {
  /// Requests per second.
  package private(set) var rate: Double?
  /// Share of the requests that ended with a status of 500 or more; `nil` without requests or if no label contains the status.
  package private(set) var errorShare: Double?
  package private(set) var p50: Duration?
  package private(set) var p95: Duration?
  package private(set) var gauges: [MetricsPage.Gauge] = []
  package private(set) var readAt: Timestamp?
  package private(set) var badLines = 0
  package private(set) var firstBadLine: String?
  /// Why the last scrape failed; `nil` if it did not.
  package private(set) var error: String?
  /// Why a rate or quantiles are unknown although the scrape succeeded.
  package private(set) var note: String?
  private var last: MetricsPage?
  private var continuity = ProcessContinuity()

  package init() {}

  mutating func fail(_ reason: String) {
    error = reason
    clear()
  }

  mutating func thin() { last = nil }

  private mutating func clear() { (rate, errorShare, p50, p95, note) = (nil, nil, nil, nil, nil) }

  mutating func note(_ page: MetricsPage, at time: Timestamp) {
    (gauges, badLines, firstBadLine, error) = (page.gauges, page.badLines, page.firstBadLine, nil)
    clear()
    if let last, let readAt, time > readAt {
      let seconds = (time - readAt).seconds
      compare(last, page, over: seconds, continuity.compare(last, page, readAt: readAt, seconds: seconds))
    }
    note = note ?? page.problem ?? page.quantileProblem
    (last, readAt) = (page, time)
  }

  private mutating func compare(
    _ before: MetricsPage, _ now: MetricsPage, over seconds: Double, _ finding: ProcessContinuity.Finding
  ) {
    switch finding {
    case .unknown(let reason): note = reason
    case .same, .restarted:
      let old = finding == .restarted ? MetricsPage() : before
      countRequests(old, now, over: seconds, isRestarted: finding == .restarted)
      let counts = Self.difference(old.histograms, now.histograms, isRestarted: finding == .restarted)
      p50 = Self.quantile(0.5, counts)
      p95 = Self.quantile(0.95, counts)
    }
  }

  /// Sums the increases of all series. A new series has no known increase, except after a restart.
  private mutating func countRequests(
    _ before: MetricsPage, _ now: MetricsPage, over seconds: Double, isRestarted: Bool
  ) {
    guard !now.counters.isEmpty else { return }
    let old = Dictionary(before.counters.map { ($0.series, $0.count) }) { first, _ in first }
    var (all, errors, isCompared, tellsStatus) = (0.0, 0.0, isRestarted, false)
    for counter in now.counters {
      tellsStatus = tellsStatus || counter.isError != nil
      guard let base = old[counter.series] ?? (isRestarted ? 0 : nil) else { continue }
      isCompared = true
      let increase = counter.count >= base ? counter.count - base : counter.count
      all += increase
      if counter.isError == true { errors += increase }
    }
    guard isCompared else { return }
    rate = all / seconds
    if tellsStatus, all > 0 { errorShare = min(1, errors / all) }
  }

  /// Increase per limit over all series in both scrapes; empty if their limits differ.
  private static func difference(
    _ before: [MetricsPage.Histogram], _ now: [MetricsPage.Histogram], isRestarted: Bool
  ) -> [MetricsPage.Bucket] {
    let old = Dictionary(before.map { ($0.series, $0.buckets) }) { first, _ in first }
    var sum: [MetricsPage.Bucket] = []
    for histogram in now {
      let zero = histogram.buckets.map { MetricsPage.Bucket($0.limit, 0) }
      guard let base = old[histogram.series] ?? (isRestarted ? zero : nil) else { continue }
      let isReset = zip(base, histogram.buckets).contains { $0.count > $1.count }
      let from = isReset ? zero : base
      if sum.isEmpty { sum = zero }
      guard from.map(\.limit) == histogram.buckets.map(\.limit), sum.map(\.limit) == zero.map(\.limit) else {
        return []
      }
      for place in sum.indices { sum[place].count += histogram.buckets[place].count - from[place].count }
    }
    return sum
  }

  /// Interpolates linearly within the bucket; values above the last finite limit count as that limit.
  private static func quantile(_ share: Double, _ buckets: [MetricsPage.Bucket]) -> Duration? {
    guard let total = buckets.last?.count, total > 0, buckets.last?.limit == .infinity else { return nil }
    let rank = share * total
    var lower = MetricsPage.Bucket(0, 0)
    for bucket in buckets {
      if bucket.count >= rank {
        guard bucket.limit.isFinite else { break }
        let width = bucket.count - lower.count
        let part = width > 0 ? (rank - lower.count) / width : 1
        return .seconds(min(max(0, lower.limit + (bucket.limit - lower.limit) * part), 1e9))
      }
      lower = bucket
    }
    return lower.limit > 0 && lower.limit.isFinite ? .seconds(min(lower.limit, 1e9)) : nil
  }
}

/// Determines from consecutive scrapes whether one process responds, whether it restarted, or whether several processes respond in turn at
/// one address. Rates mixed from several processes are meaningless.
struct ProcessContinuity: Sendable, Equatable {
  enum Finding: Equatable {
    case same
    /// A new process: its counters started at zero since the previous scrape.
    case restarted
    case unknown(String)
  }

  /// In seconds. Some libraries compute the start time again for each scrape.
  private static let startJitter = 1.0
  /// How far the server's clock may be behind ours, in seconds.
  private static let clockSkew = 60.0
  /// After a reset, a count may be this multiple of the value expected from the previous rate.
  private static let plausible = 20.0
  /// After this number of scrapes without a contradiction, a single process is assumed again.
  private static let quietScrapes = 8

  private static let several =
    "several processes respond at this address in turn: no rate (configure each instance with its own address)"

  private var hasSeveral = false
  private var quiet = 0
  /// The largest sum of requests before it decreased without a restart.
  private var peak: Double?
  /// Rates of the last two consecutive scrapes in which no counter decreased.
  private var steady: [Double] = []

  mutating func compare(
    _ before: MetricsPage, _ now: MetricsPage, readAt: Timestamp, seconds: Double
  ) -> Finding {
    let finding = judge(before, now, readAt: readAt, seconds: seconds)
    if case .unknown = finding { quiet = 0 } else { quiet += 1 }
    if quiet >= Self.quietScrapes { (hasSeveral, peak) = (false, nil) }
    return hasSeveral ? .unknown(Self.several) : finding
  }

  private mutating func judge(
    _ before: MetricsPage, _ now: MetricsPage, readAt: Timestamp, seconds: Double
  ) -> Finding {
    if before.processStarts.count == 1, now.processStarts.count == 1 {
      let (old, new) = (before.processStarts[0], now.processStarts[0])
      if abs(new - old) > Self.startJitter {
        // A process that started long before the previous scrape has not replaced the process that responded then.
        let isRestart = new > old && new >= Double(readAt.milliseconds) / 1000 - seconds - Self.clockSkew
        if !isRestart { hasSeveral = true }
        peak = nil
        return isRestart ? .restarted : .unknown(Self.several)
      }
    }
    return judgeCounts(before, now, seconds: seconds)
  }

  private mutating func judgeCounts(_ before: MetricsPage, _ now: MetricsPage, seconds: Double) -> Finding {
    let old = Dictionary(before.counters.map { ($0.series, $0.count) }) { first, _ in first }
    let back = now.counters.filter { counter in old[counter.series].map { counter.count < $0 } ?? false }
    guard let total = now.requests, let totalBefore = before.requests else { return .same }
    if let peak, total >= peak, back.isEmpty {
      hasSeveral = true
      self.peak = nil
      return .unknown(Self.several)
    }
    guard !back.isEmpty else {
      steady = (steady + [(total - totalBefore) / seconds]).suffix(2)
      return .same
    }
    // A jump to another process's higher count looks steady once: the lower of two rates is that of a single process.
    let usual = steady.count == 2 ? steady.min() : nil
    steady = []
    let isSecond = peak != nil
    peak = max(peak ?? 0, totalBefore)
    let counted = back.reduce(0) { $0 + $1.count }
    if !isSecond, let usual, counted <= max(Self.plausible * usual * seconds, Self.plausible) { return .same }
    if isSecond { hasSeveral = true }
    return .unknown(
      "a counter went back without a restart: no rate yet (it was reset, or several processes respond at this address)")
  }
}
