import Text

/// The state of one instance of a service over time.
struct InstanceState {
  let definition: ServiceDefinition.Instance
  private let interval: Duration
  private let timeout: Duration
  private let slow: Duration?
  private(set) var verdict = VerdictHistory()
  private(set) var latencies = LatencyHistory()
  private(set) var uptime = Uptime()
  private(set) var circuits: [String: (state: CircuitState, since: Since)] = [:]
  /// The last response; later failures do not clear it.
  private(set) var answer: ServiceSample.Answer?
  private(set) var answeredAt: Timestamp?
  /// When its health was last polled, with or without a response.
  private(set) var readAt: Timestamp?
  private(set) var hasFailed = false
  private(set) var metrics: MetricsState?

  init(_ definition: ServiceDefinition.Instance, of service: ServiceDefinition) {
    self.definition = definition
    (interval, timeout, slow) = (service.interval, service.timeout, service.slow)
    metrics = definition.metrics.map { _ in MetricsState() }
  }

  mutating func note(_ reading: ServiceSample) {
    switch reading.outcome {
    case .metrics(let values): metrics?.note(values, at: reading.time)
    case .noMetrics(let reason): metrics?.fail(reason)
    case .answered, .failed, .notAsked: noteHealth(reading)
    }
  }

  private mutating func noteHealth(_ reading: ServiceSample) {
    let judge = InstanceJudge(slow: slow, usual: latencies.usual)
    guard let judgement = judge.judge(reading.outcome, at: reading.time) else { return }
    verdict.note(judgement, at: reading.time)
    if judgement.verdict != .unknown { uptime.add(judgement.verdict != .down, at: reading.time) }
    let isFirst = answer == nil
    readAt = reading.time
    hasFailed = true
    guard case .answered(let answer) = reading.outcome else { return latencies.addGap() }
    hasFailed = false
    latencies.add(answer.phases.total, isSlow: judge.isSlow(answer.phases.total))
    noteCircuits(answer.body.circuits, at: reading.time, isFirst: isFirst)
    (self.answer, answeredAt) = (answer, reading.time)
  }

  private mutating func noteCircuits(_ read: [HealthBody.Circuit], at time: Timestamp, isFirst: Bool) {
    var current: [String: (state: CircuitState, since: Since)] = [:]
    for circuit in read {
      let before = circuits[circuit.name]
      let since = before?.state == circuit.state ? before?.since : nil
      current[circuit.name] = (circuit.state, since ?? Since(time, isAtLeast: isFirst))
    }
    circuits = current
  }

  /// Removes data that is only needed to judge later samples.
  mutating func thin() {
    latencies.thin()
    metrics?.thin()
  }

  /// Approximate size in bytes.
  var bytes: Int {
    MemoryLayout<InstanceState>.stride + 3000 + latencies.bytes + 100 * circuits.count
      + 100 * (metrics?.gauges.count ?? 0)
  }

  /// `unknown` if the last sample is older than three intervals, a timeout and a second.
  func judgement(at now: Timestamp) -> ServiceJudgement {
    guard let readAt else { return verdict.judgement }
    let age = now - readAt
    guard age > interval * 3 + timeout + .seconds(1) else { return verdict.judgement }
    return ServiceJudgement(.unknown, "not read for \(Quantity.age(age)); before that: \(verdict.judgement.reason)")
  }
}

/// A verdict over time: since when it holds, and its changes.
struct VerdictHistory {
  private static let mostChanges = 32
  /// This number of changes between down and not down within the span is flapping.
  private static let flapping = 4
  private static let flappingSpan = Duration.seconds(300)

  private(set) var judgement = ServiceJudgement(.unknown, "not asked yet")
  private(set) var since: Since?
  /// Time and new verdict of each change, oldest first.
  private(set) var changes: [(time: Timestamp, verdict: ServiceVerdict, reason: String)] = []
  private var turns: [Timestamp] = []

  mutating func note(_ judgement: ServiceJudgement, at time: Timestamp) {
    let before = self.judgement.verdict
    let isFirst = since == nil
    self.judgement = judgement
    guard isFirst || before != judgement.verdict else { return }
    since = Since(time, isAtLeast: isFirst)
    if changes.count == Self.mostChanges { changes.removeFirst() }
    changes.append((time, judgement.verdict, judgement.reason))
    guard !isFirst, (before == .down) != (judgement.verdict == .down) else { return }
    if turns.count == Self.flapping { turns.removeFirst() }
    turns.append(time)
  }

  func isFlapping(at now: Timestamp) -> Bool {
    guard turns.count == Self.flapping, let first = turns.first else { return false }
    return now - first <= Self.flappingSpan
  }
}

/// The latencies of an instance's responses.
struct LatencyHistory {
  /// Number of responses for the quantiles, and of samples in the sparkline.
  private static let capacity = 300
  private static let shown = 60
  /// With fewer responses a 99th percentile is not significant.
  private static let enough = 50
  /// After this number of consecutive slow responses, slow counts as usual.
  private static let adaptation = 60

  private var histogram = LogHistogram()
  private var answers: [Duration] = []
  private var next = 0
  private var slowInARow = 0
  /// In milliseconds, oldest first; `nil` if there was no response.
  private(set) var recent: [Double?] = []

  /// The p99 latency; `nil` with too few responses.
  var usual: Duration? { answers.count >= Self.enough ? histogram.quantile(0.99) : nil }

  func quantile(_ share: Double) -> Duration? { histogram.quantile(share) }

  mutating func thin() {
    answers = []
    histogram.trim()
  }

  var bytes: Int { histogram.bytes + recent.count * MemoryLayout<Double?>.stride }

  mutating func addGap() { show(nil) }

  /// A slow response does not change the usual latency, unless slowness persists.
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

/// Share of the last hour's samples with a working instance.
struct Uptime {
  private static let buckets = 60
  private static let width: Int64 = 60_000_000_000

  /// One per minute.
  private var counts: [(minute: Int64, up: Int32, all: Int32)] = []

  mutating func add(_ isUp: Bool, at time: Timestamp) {
    let minute = time.nanoseconds / Self.width
    if counts.last?.minute != minute {
      if counts.count == Self.buckets { counts.removeFirst() }
      counts.append((minute, 0, 0))
    }
    counts[counts.count - 1].all &+= 1
    if isUp { counts[counts.count - 1].up &+= 1 }
  }

  /// `nil` before the first sample.
  func share(at now: Timestamp) -> Double? {
    let recent = counts.filter { $0.minute > now.nanoseconds / Self.width - Int64(Self.buckets) }
    let all = recent.reduce(0) { $0 + Int($1.all) }
    return all > 0 ? Double(recent.reduce(0) { $0 + Int($1.up) }) / Double(all) : nil
  }
}
