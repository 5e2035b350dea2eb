/// One service in the list of services.
package struct ServiceRow: Sendable, Equatable {
  package var name: String
  package var verdict: ServiceVerdict
  /// Why, in one sentence.
  package var reason: String
  /// Since when the verdict holds; `nil` before the first reading.
  package var since: Since?
  /// It changed between down and not down several times in the last minutes.
  package var isFlapping: Bool
  /// In the order of the configuration.
  package var instances: [InstanceRow]

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

  /// The slowest of its instances' last answers.
  package var latency: Duration? { instances.compactMap(\.latency).max() }

  /// Share of the readings of the last hour, 0 to 1, of all its instances, in which they worked.
  package var uptime: Double? {
    let known = instances.compactMap(\.uptime)
    return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
  }

  /// Of all instances, the gravest first.
  package var circuits: [CircuitRow] {
    instances.flatMap(\.circuits).sorted { left, right in
      left.state.gravity != right.state.gravity ? left.state.gravity > right.state.gravity : left.name < right.name
    }
  }

  /// Requests per second of all instances whose metrics tell; `nil` when none does.
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
