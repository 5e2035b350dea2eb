/// What an instance's metrics say of the time between the last two scrapes.
package struct MetricsState: Sendable, Equatable {
  /// Requests per second.
  package private(set) var rate: Double?
  /// Share of the requests that ended with a status of 500 or more; `nil` without requests.
  package private(set) var errorShare: Double?
  package private(set) var p50: Duration?
  package private(set) var p95: Duration?
  package private(set) var gauges: [MetricsPage.Gauge] = []
  package private(set) var readAt: Timestamp?
  package private(set) var badLines = 0
  package private(set) var firstBadLine: String?
  /// Why the last scrape gave nothing.
  package private(set) var error: String?
  private var last: MetricsPage?

  package init() {}

  mutating func fail(_ reason: String) {
    error = reason
    (rate, errorShare, p50, p95) = (nil, nil, nil, nil)
  }

  mutating func note(_ reading: MetricsPage, at time: Timestamp) {
    (gauges, badLines, firstBadLine, error) = (reading.gauges, reading.badLines, reading.firstBadLine, nil)
    if let last, let readAt, (time - readAt).seconds > 0 { compare(last, reading, over: (time - readAt).seconds) }
    (last, readAt) = (reading, time)
  }

  private mutating func compare(_ before: MetricsPage, _ now: MetricsPage, over seconds: Double) {
    // After a restart counters begin at zero: what they show has happened since.
    let isReset = before.processStart != now.processStart || now.requests ?? 0 < before.requests ?? 0
    let requests = now.requests.map { $0 - (isReset ? 0 : before.requests ?? 0) }
    let errors = now.errors.map { max(0, $0 - (isReset ? 0 : before.errors ?? 0)) }
    rate = requests.map { $0 / seconds }
    errorShare = requests.flatMap { all in all > 0 ? errors.map { min(1, $0 / all) } : nil }
    let counts = Self.difference(before.buckets, now.buckets, isReset: isReset)
    p50 = Self.quantile(0.5, counts)
    p95 = Self.quantile(0.95, counts)
  }

  /// Per bucket; from zero where the limits are not the same, or a count went down.
  private static func difference(
    _ before: [MetricsPage.Bucket], _ now: [MetricsPage.Bucket], isReset: Bool
  ) -> [MetricsPage.Bucket] {
    let isComparable =
      !isReset && before.count == now.count
      && zip(before, now).allSatisfy { $0.limit == $1.limit && $0.count <= $1.count }
    guard isComparable else { return now }
    return zip(before, now).map { MetricsPage.Bucket($1.limit, $1.count - $0.count) }
  }

  /// By linear interpolation within its bucket; what lies beyond the last limit is at that limit.
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
