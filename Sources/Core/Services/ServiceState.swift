/// The health of all services over time. Not thread-safe: `Store` guards it.
struct ServiceState {
  struct Entry {
    let definition: ServiceDefinition
    var instances: [InstanceState]
    var verdict = VerdictHistory()
  }

  private(set) var services: [Entry]
  private let places: [String: Int]

  init(_ definitions: [ServiceDefinition] = []) {
    services = definitions.map { service in
      Entry(definition: service, instances: service.instances.map { InstanceState($0, of: service) })
    }
    places = Dictionary(definitions.enumerated().map { ($1.name, $0) }) { first, _ in first }
  }

  /// A sample of an undefined service or instance is ignored.
  mutating func note(_ reading: ServiceSample) {
    guard let place = places[reading.service], services[place].instances.indices.contains(reading.instance) else {
      return
    }
    services[place].instances[reading.instance].note(reading)
    // Until all instances have been polled, the service's verdict has no start.
    guard services[place].instances.allSatisfy({ $0.readAt != nil }) else { return }
    services[place].verdict.note(
      Self.judgement(of: services[place].instances, at: reading.time), at: reading.time)
  }

  func place(of name: String) -> Int? { places[name] }

  mutating func thin() {
    for place in services.indices {
      for instance in services[place].instances.indices { services[place].instances[instance].thin() }
    }
  }

  /// Approximate size in bytes.
  var bytes: Int { services.reduce(0) { $1.instances.reduce($0 + 2000) { $0 + $1.bytes } } }

  /// The verdict of a service, from its instances: down if all instances with a known verdict are down.
  static func judgement(of instances: [InstanceState], at now: Timestamp) -> ServiceJudgement {
    let judged = instances.map { (instance: $0, judgement: $0.judgement(at: now)) }
    guard let worst = judged.max(by: { $0.judgement.verdict < $1.judgement.verdict }) else {
      return ServiceJudgement(.unknown, "it has no instances")
    }
    guard judged.count > 1, worst.judgement.verdict != .up else { return worst.judgement }
    let verdict = worst.judgement.verdict
    let alike = judged.count { $0.judgement.verdict == verdict }
    let isWhole = alike == judged.count
    let place = worst.instance.definition.node ?? worst.instance.definition.url
    let count =
      isWhole ? "all \(alike) instances are" : "\(alike) of \(judged.count) instances \(alike == 1 ? "is" : "are")"
    let reason = "\(count) \(verdict.rawValue): \(place): \(worst.judgement.reason)"
    return ServiceJudgement(verdict == .down && !isWhole ? .degraded : verdict, reason)
  }
}

/// Views of services for readers of the store.
extension ServiceState {
  /// All services, worst first, then by name.
  func rows(now: Timestamp) -> [ServiceRow] {
    services.map { row($0, now: now) }.sorted {
      $0.verdict != $1.verdict ? $0.verdict > $1.verdict : $0.name < $1.name
    }
  }

  func row(_ entry: Entry, now: Timestamp) -> ServiceRow {
    let judgement = Self.judgement(of: entry.instances, at: now)
    let isCurrent = judgement.verdict == entry.verdict.judgement.verdict
    return ServiceRow(
      name: entry.definition.name, verdict: judgement.verdict, reason: judgement.reason,
      since: isCurrent ? entry.verdict.since : nil, isFlapping: entry.verdict.isFlapping(at: now),
      instances: entry.instances.map { Self.row($0, now: now) })
  }

  /// The health of each configured node, from the responses of its instances.
  func nodes(now: Timestamp) -> [NodeHealth] {
    var nodes: [String: NodeHealth] = [:]
    for instance in services.lazy.flatMap(\.instances) {
      guard let node = instance.definition.node else { continue }
      var health = nodes[node] ?? NodeHealth(node: node, instances: 0, down: 0)
      health.instances += 1
      health.readAt = [health.readAt, instance.readAt].compactMap { $0 }.min()
      if instance.judgement(at: now).verdict == .down {
        health.down += 1
        if let since = instance.verdict.since, health.since.map({ since.time < $0.time }) ?? true {
          (health.since, health.reason) = (since, instance.verdict.judgement.reason)
        }
      }
      nodes[node] = health
    }
    return nodes.values.sorted { $0.node < $1.node }
  }

  /// Services with a circuit that is open or half open.
  func withOpenCircuits(now: Timestamp) -> [ServiceRow] {
    services.filter { entry in
      entry.instances.contains { instance in instance.answer?.body.circuits.contains(where: \.state.isTrouble) ?? false
      }
    }.map { row($0, now: now) }
  }

  /// Number of services that are up, degraded and down, and in total.
  func count(now: Timestamp) -> HeaderView.Services? {
    guard !services.isEmpty else { return nil }
    let verdicts = services.map { Self.judgement(of: $0.instances, at: now).verdict }
    func count(_ verdict: ServiceVerdict) -> Int { verdicts.count { $0 == verdict } }
    return HeaderView.Services(
      up: count(.up), total: services.count, degraded: count(.degraded), down: count(.down))
  }

  private static func row(_ instance: InstanceState, now: Timestamp) -> InstanceRow {
    let judgement = instance.judgement(at: now)
    var row = InstanceRow(
      url: instance.definition.url, node: instance.definition.node, verdict: judgement.verdict,
      reason: judgement.reason)
    row.since = judgement.verdict == instance.verdict.judgement.verdict ? instance.verdict.since : nil
    row.isFlapping = instance.verdict.isFlapping(at: now)
    row.readAt = instance.readAt
    (row.answer, row.answeredAt) = (instance.answer, instance.answeredAt)
    row.latency = instance.hasFailed ? nil : instance.answer?.phases.total
    (row.p50, row.p99) = (instance.latencies.quantile(0.5), instance.latencies.quantile(0.99))
    row.history = instance.latencies.recent
    row.uptime = instance.uptime.share(at: now)
    row.circuits = (instance.answer?.body.circuits ?? []).map {
      CircuitRow($0, since: instance.circuits[$0.name]?.since)
    }
    row.metrics = instance.metrics
    row.changes = instance.verdict.changes.map {
      InstanceRow.Change(time: $0.time, verdict: $0.verdict, reason: $0.reason)
    }
    return row
  }
}
