package struct ServiceRow: Sendable, Equatable {
  package var name: String
  package var verdict: ServiceVerdict
  /// The reason for the verdict, in one sentence.
  package var reason: String
  /// Since when the verdict holds; `nil` before the first sample.
  package var since: Since?
  /// It changed between down and not down several times in the last minutes.
  package var isFlapping: Bool
  /// In the order of the configuration.
  package var instances: [InstanceRow]
  /// `nil` if Kubernetes is not watched or has no pods of it.
  package var pods: ServicePods?

  package init(
    name: String, verdict: ServiceVerdict, reason: String = "", since: Since? = nil, isFlapping: Bool = false,
    instances: [InstanceRow] = []
  ) {
    self.name = name
    self.verdict = verdict
    self.reason = reason
    self.since = since
    self.isFlapping = isFlapping
    self.instances = instances
  }

  /// The highest latency of its instances' last responses.
  package var latency: Duration? { instances.compactMap(\.latency).max() }

  /// Share of the samples of the last hour in which its instances worked, 0 to 1; the mean of all instances.
  package var uptime: Double? {
    let known = instances.compactMap(\.uptime)
    return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
  }

  /// Of all instances, worst first.
  package var circuits: [CircuitRow] {
    instances.flatMap(\.circuits).sorted { left, right in
      left.state.gravity != right.state.gravity ? left.state.gravity > right.state.gravity : left.name < right.name
    }
  }

  /// Requests per second of all instances with a known rate; `nil` if there is none.
  package var rate: Double? {
    let known = instances.compactMap(\.metrics?.rate)
    return known.isEmpty ? nil : known.reduce(0, +)
  }
}

extension CircuitState {
  fileprivate var gravity: Int {
    switch self {
    case .disabled: 0
    case .closed: 1
    case .halfOpen: 2
    case .open: 3
    case .forcedOpen: 4
    }
  }
}

/// One instance of a service, with the data of its last response.
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
  /// When it was last polled; `nil` before the first time.
  package var readAt: Timestamp?
  /// The last response and its time; the last poll may have failed.
  package var answer: ServiceSample.Answer?
  package var answeredAt: Timestamp?
  /// Of the last poll; `nil` if there was no response.
  package var latency: Duration?
  /// Of the last few hundred responses.
  package var p50: Duration?
  package var p99: Duration?
  /// In milliseconds over the last samples, oldest first; `nil` if there was no response.
  package var history: [Double?] = []
  /// Share of the samples of the last hour in which it worked, 0 to 1.
  package var uptime: Double?
  package var circuits: [CircuitRow] = []
  /// `nil` if no metrics are configured.
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
  /// Shares, 0 to 1; `nil` if unknown or if there are too few calls.
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

/// The verdict on a service, from best to worst.
package enum ServiceVerdict: String, Sendable, CaseIterable, Comparable {
  case up
  /// Not polled yet, the poll was not possible, or the service does not know.
  case unknown
  /// It responds, but slowly, or a part of it does not work.
  case degraded
  case down

  package static func < (left: ServiceVerdict, right: ServiceVerdict) -> Bool { left.severity < right.severity }

  private var severity: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// A verdict and the sentence with its reason.
package struct ServiceJudgement: Sendable, Equatable {
  package var verdict: ServiceVerdict
  package var reason: String

  package init(_ verdict: ServiceVerdict, _ reason: String) {
    self.verdict = verdict
    self.reason = reason
  }
}

/// An instant that may be before the first poll.
package struct Since: Sendable, Equatable {
  package var time: Timestamp
  /// The state already existed at the first poll, so the time is a lower bound of the age.
  package var isAtLeast: Bool

  package init(_ time: Timestamp, isAtLeast: Bool = false) {
    self.time = time
    self.isAtLeast = isAtLeast
  }
}
