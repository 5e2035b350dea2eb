/// How long an instance's answers took.
struct LatencyHistory {
  /// Answers that count for the quantiles, and readings that the sparkline shows.
  private static let capacity = 300
  private static let shown = 60
  /// Of fewer answers a 99th percentile is chance.
  private static let enough = 50
  /// After so many slow answers in a row slow is usual.
  private static let adaptation = 60

  private var histogram = LogHistogram()
  private var answers: [Duration] = []
  private var next = 0
  private var slowInARow = 0
  /// Milliseconds, oldest first; `nil` where there was no answer.
  private(set) var recent: [Double?] = []

  /// 99 % of its answers take no longer; `nil` before there were enough.
  var usual: Duration? { answers.count >= Self.enough ? histogram.quantile(0.99) : nil }

  func quantile(_ share: Double) -> Duration? { histogram.quantile(share) }

  mutating func addGap() { show(nil) }

  /// A slow answer does not make slowness usual, unless it stays.
  mutating func add(_ latency: Duration, isSlow: Bool) {
    show(latency.milliseconds)
    slowInARow = isSlow ? slowInARow + 1 : 0
    guard !isSlow || slowInARow > Self.adaptation else { return }
    histogram.add(latency)
    if answers.count < Self.capacity { return answers.append(latency) }
    histogram.remove(answers[next])
    answers[next] = latency
    next = (next + 1) % Self.capacity
  }

  private mutating func show(_ milliseconds: Double?) {
    if recent.count == Self.shown { recent.removeFirst() }
    recent.append(milliseconds)
  }
}
