import Text

/// The service of the step is down.
enum ServiceDownRule {
  static func causes(_ situation: Situation) -> [Cause] {
    guard let service = situation.service else { return [] }
    if situation.isActive {
      if service.verdict == .down { return [now(service, situation)] }
      return service.verdict == .unknown ? before(service, situation) : []
    }
    return then(service, situation)
  }

  private static func now(_ service: ServiceRow, _ situation: Situation) -> Cause {
    let age = service.since.map { " for \($0.isAtLeast ? "at least " : "")\(Quantity.age(situation.now - $0.time))" }
    return Cause(
      .serviceDown, "\(service.name) is down",
      [situation.evidence("\(service.reason)\(age ?? "")", source: "services", readAt: service.readAt)], strength: 95,
      suggestion: "bring \(service.name) back; what waits for it is still there", subject: .service(service.name))
  }

  /// The service is no longer read and was down at the last read.
  private static func before(_ service: ServiceRow, _ situation: Situation) -> [Cause] {
    guard let readAt = service.readAt, situation.now - readAt > Situation.staleAfter, !service.instances.isEmpty,
      service.instances.allSatisfy({ $0.changes.last?.verdict == .down })
    else { return [] }
    let evidence = situation.evidence(service.reason, source: "services", readAt: readAt)
    return [
      Cause(
        .serviceDown, "\(service.name) was down when it was last read", [evidence], strength: 90,
        suggestion: "find out why its health is not read any more", subject: .service(service.name))
    ]
  }

  /// It was down while a saga that has ended was at the step.
  private static func then(_ service: ServiceRow, _ situation: Situation) -> [Cause] {
    guard situation.trouble == .slow, let start = situation.focusStart, let end = situation.focusEnd else { return [] }
    let downs = service.instances.compactMap { instance in
      instance.changes.last { $0.verdict == .down && $0.time <= end && $0.time >= start - .seconds(2) }
    }
    guard !service.instances.isEmpty, downs.count == service.instances.count, let last = downs.map(\.time).max() else {
      return []
    }
    let text = "all its instances were down \(Quantity.age(situation.now - last)) ago, while the saga was at the step"
    return [
      Cause(
        .serviceDown, "\(service.name) was down", [Evidence(text, source: "services", readAt: last)], strength: 80,
        subject: .service(service.name))
    ]
  }
}

extension ServiceRow {
  /// Of the instance that was read least recently.
  var readAt: Timestamp? { instances.compactMap(\.readAt).min() }
}

/// The service of the step responds, but is degraded.
enum ServiceDegradedRule {
  static func causes(_ situation: Situation) -> [Cause] {
    // An open circuit and a lost node are separate causes.
    guard situation.isActive, let service = situation.service, service.verdict == .degraded,
      !service.circuits.contains(where: \.state.isTrouble)
    else { return [] }
    let lost = Set(situation.nodes.filter(\.isLost).map(\.node))
    let unwell = service.instances.filter { $0.verdict >= .degraded && !lost.contains($0.node ?? "") }
    guard !unwell.isEmpty else { return [] }
    let isWhole = unwell.count == service.instances.count
    return [
      Cause(
        .serviceDegraded, "\(service.name) is degraded",
        [situation.evidence(service.reason, source: "services", readAt: service.readAt)], strength: isWhole ? 55 : 35,
        suggestion: "look at what \(service.name) says of its parts", subject: .service(service.name))
    ]
  }
}

/// The service of the step repeatedly goes down and comes back.
enum ServiceFlappingRule {
  static func causes(_ situation: Situation) -> [Cause] {
    guard let service = situation.service, situation.isActive, service.verdict != .down,
      service.isFlapping || service.instances.contains(where: \.isFlapping)
    else { return [] }
    let unsteady = service.instances.filter(\.isFlapping)
    let turns = unsteady.flatMap(\.changes).count { situation.now - $0.time < .seconds(300) }
    let text = turns > 0 ? "it changed \(turns) times in the last 5 minutes" : "it goes down and comes back"
    return [
      Cause(
        .serviceFlapping, "\(service.name) is flapping",
        [situation.evidence(text, source: "services", readAt: service.readAt)],
        strength: service.isFlapping ? 60 : 40,
        suggestion: "look at why \(service.name) restarts", subject: .service(service.name))
    ]
  }
}

/// A circuit breaker rejects calls that the step needs.
enum CircuitRule {
  static func causes(_ situation: Situation) -> [Cause] {
    guard situation.isActive else { return [] }
    var causes: [Cause] = []
    if let service = situation.service, let circuit = service.circuits.first(where: \.state.isTrouble) {
      causes.append(cause(circuit, of: service, situation, strength: circuit.state == .halfOpen ? 75 : 88))
    }
    for service in situation.callers {
      guard let name = situation.service?.name ?? situation.focus?.service,
        let circuit = service.circuits.first(where: { $0.state.isTrouble && isNamed($0.name, after: name) })
      else { continue }
      causes.append(cause(circuit, of: service, situation, strength: 40))
    }
    return causes
  }

  /// `paymentService` matches `payment-service`.
  static func isNamed(_ circuit: String, after service: String) -> Bool {
    let plain = { (text: String) in text.lowercased().filter { $0.isLetter || $0.isNumber } }
    return !circuit.isEmpty && plain(circuit) == plain(service)
  }

  private static func cause(
    _ circuit: CircuitRow, of service: ServiceRow, _ situation: Situation, strength: Int
  ) -> Cause {
    var text = circuit.state.phrase
    if let since = circuit.since {
      text += " for \(since.isAtLeast ? "at least " : "")\(Quantity.age(situation.now - since.time))"
    }
    if let rate = circuit.failureRate { text += ", \(Quantity.share(rate)) of its calls failed" }
    if let count = circuit.failureCount, count > 0 { text += ", \(count) failures" }
    return Cause(
      .circuitOpen, "circuit \(circuit.name) of \(service.name) is \(circuit.state.phrase)",
      [situation.evidence(text, source: "services", readAt: service.readAt)], strength: strength,
      suggestion: "look at what \(circuit.name) calls; the circuit closes by itself when that answers",
      subject: .service(service.name), effect: "circuit \(circuit.name) is \(circuit.state.phrase)")
  }
}

/// The brokers with the saga's events cannot be read.
enum BrokerRule {
  static func causes(_ situation: Situation) -> [Cause] {
    guard situation.isActive else { return [] }
    return situation.sources.filter { $0.carriesEvents && $0.phase == .down }.map { source in
      let last = source.lastSuccess.map { "it last answered \(Quantity.age(situation.now - $0)) ago" }
      return Cause(
        .brokerUnreachable, "\(source.name) cannot be read",
        [
          Evidence([source.error, last].compactMap { $0 }.joined(separator: "; "), source: source.name),
          Evidence("the saga may have gone on since", source: source.name),
        ],
        strength: 97, suggestion: "bring the brokers back, or the way to them")
    }
  }
}
