/// One instance of a service, with all that its last answer told.
package struct InstanceRow: Sendable, Equatable {
  /// A change of its verdict.
  package struct Change: Sendable, Equatable {
    package var time: Timestamp
    package var verdict: ServiceVerdict
    package var reason: String

    package init(time: Timestamp, verdict: ServiceVerdict, reason: String) {
      self.time = time
      self.verdict = verdict
      self.reason = reason
    }
  }

  package var url: String
  package var node: String?
  package var verdict: ServiceVerdict
  package var reason: String
  package var since: Since?
  package var isFlapping = false
  /// When it was last looked at; `nil` before the first time.
  package var readAt: Timestamp?
  /// The last answer and when it came; the last look may have got none.
  package var answer: ServiceSample.Answer?
  package var answeredAt: Timestamp?
  /// Of the last look; `nil` when it got no answer.
  package var latency: Duration?
  /// Of the last few hundred answers.
  package var p50: Duration?
  package var p99: Duration?
  /// Milliseconds over the last readings, oldest first; `nil` where there was no answer.
  package var history: [Double?] = []
  /// Share of the readings of the last hour in which it worked, 0 to 1.
  package var uptime: Double?
  package var circuits: [CircuitRow] = []
  /// `nil` where no metrics are asked for.
  package var metrics: MetricsState?
  /// Oldest first.
  package var changes: [Change] = []

  package init(url: String, node: String? = nil, verdict: ServiceVerdict, reason: String = "") {
    self.url = url
    self.node = node
    self.verdict = verdict
    self.reason = reason
  }
}

/// A circuit breaker of an instance.
package struct CircuitRow: Sendable, Equatable {
  package var name: String
  package var state: CircuitState
  package var since: Since?
  /// Shares, 0 to 1; `nil` where they are not told, or there are too few calls.
  package var failureRate: Double?
  package var threshold: Double?
  package var failureCount: Int?
  package var retryAfter: Duration?

  package init(_ circuit: HealthBody.Circuit, since: Since? = nil) {
    name = circuit.name
    state = circuit.state
    self.since = since
    failureRate = circuit.failureRate
    threshold = circuit.threshold
    failureCount = circuit.failureCount
    retryAfter = circuit.retryAfter
  }
}
