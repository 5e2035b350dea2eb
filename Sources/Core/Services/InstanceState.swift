import Text

/// One instance of a service over time.
struct InstanceState {
  let definition: ServiceDefinition.Instance
  private let interval: Duration
  private let timeout: Duration
  private let slow: Duration?
  private(set) var verdict = VerdictHistory()
  private(set) var latencies = LatencyHistory()
  private(set) var uptime = Uptime()
  private(set) var circuits: [String: (state: CircuitState, since: Since)] = [:]
  /// The last one; later failures leave it standing.
  private(set) var answer: ServiceSample.Answer?
  private(set) var answeredAt: Timestamp?
  /// When its health was last read, with or without an answer.
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

  /// A reading that is three rounds old says nothing of now.
  func judgement(at now: Timestamp) -> ServiceJudgement {
    guard let readAt else { return verdict.judgement }
    let age = now - readAt
    guard age > interval * 3 + timeout + .seconds(1) else { return verdict.judgement }
    return ServiceJudgement(.unknown, "not read for \(Quantity.age(age)); before that: \(verdict.judgement.reason)")
  }
}
