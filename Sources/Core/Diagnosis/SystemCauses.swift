import Text

/// Problems that exist even if no saga waits for them: lost nodes, services, groups, locks, slow steps, and the reasons of roll-backs.
extension StoreState {
  private static let mostSystemCauses = 12
  /// Minimum share of failures among the ends of the last five minutes for a report, and their minimum number.
  private static let leastShare = 0.1
  private static let leastFailures = 10

  func systemCauses(now: Timestamp) -> [CauseGroup] {
    let nodes = nodeHealths(now: now)
    let found =
      lostNodes(nodes, now: now) + slowNodes(now: now) + troubledServices(nodes, now: now) + troubledGroups(now: now)
      + troubledLocks(now: now) + slowSteps(now: now) + frequentFailures(now: now)
    return Array(found.prefix(Self.mostSystemCauses))
  }

  /// A node is lost if nothing on it responds and something elsewhere does.
  private func lostNodes(_ nodes: [NodeHealth], now: Timestamp) -> [CauseGroup] {
    guard nodes.contains(where: \.answers) else { return [] }
    return nodes.filter(\.isLost).map { node in
      var evidence = [
        Evidence(
          "all \(node.instances) instances on it give no answer: \(node.reason)", source: "services",
          readAt: node.readAt)
      ]
      if let silence = node.silence {
        evidence.append(Evidence("no work of it for \(Quantity.age(silence))", source: "events"))
      }
      let told = node.instances == 1 ? "its instance does not answer" : "its \(node.instances) instances do not answer"
      return CauseGroup(
        cause: Cause(
          .nodeLost, "\(node.node) is lost: \(told)", evidence, strength: 90,
          suggestion: "bring \(node.node) back; the others do its work meanwhile", subject: .node(node.node)),
        extent: .system, count: 0, since: node.since?.time)
    }
  }

  private func slowNodes(now: Timestamp) -> [CauseGroup] {
    let survey = NodeSurvey(self.nodes.records, judgedAt: judgedUntil(now), symbols: symbols)
    return survey.slow.sorted { $1.value.statistic < $0.value.statistic }.prefix(3).map { node, slow in
      let (name, step) = (symbols.text(node), symbols.text(slow.step))
      return CauseGroup(
        cause: Cause(
          .slowStep,
          "\(name) is slow: \(step) takes \(Quantity.latency(slow.own)), on its peers \(Quantity.latency(slow.peers))",
          [Evidence(survey.sentence(slow), source: "events")], strength: 74,
          suggestion: "look at \(name): its load, its disk, its way to what \(step) calls", subject: .node(name)),
        extent: .system, count: 0, steps: [step])
    }
  }

  private func troubledServices(_ nodes: [NodeHealth], now: Timestamp) -> [CauseGroup] {
    let lost = Set(nodes.contains(where: \.answers) ? nodes.filter(\.isLost).map(\.node) : [])
    return services.rows(now: now).compactMap { service in
      let circuit = service.circuits.first(where: \.state.isTrouble)
      let unwell = service.instances.filter { $0.verdict >= .degraded && !lost.contains($0.node ?? "") }
      guard service.verdict >= .degraded, service.verdict != .unknown, !unwell.isEmpty else { return nil }
      let evidence = [Evidence(service.reason, source: "services", readAt: service.readAt)]
      let subject = Cause.Subject.service(service.name)
      let cause =
        if service.verdict == .down {
          Cause(
            .serviceDown, "\(service.name) is down", evidence, strength: 95, suggestion: "bring \(service.name) back",
            subject: subject)
        } else if let circuit {
          Cause(
            .circuitOpen, "circuit \(circuit.name) of \(service.name) is \(circuit.state.phrase)", evidence,
            strength: 88,
            suggestion: "look at what \(circuit.name) calls", subject: subject)
        } else {
          Cause(
            .serviceDegraded, "\(service.name) is degraded", evidence, strength: 55,
            suggestion: "look at what \(service.name) says of its parts", subject: subject)
        }
      return CauseGroup(cause: cause, extent: .system, count: 0, since: service.since?.time)
    }
  }

  private func troubledGroups(now: Timestamp) -> [CauseGroup] {
    guard isCurrent(.lag, at: now) else { return [] }
    return lag.rows(now: now).filter(\.verdict.isTrouble).sorted(by: GroupRow.isWorse).prefix(4).map { row in
      let kind: CauseKind =
        switch row.verdict {
        case .empty: .groupEmpty
        case .truncated, .recreated: .groupLostMessages
        default: .groupStalled
        }
      let sentence =
        row.verdict == .empty ? "group \(row.name) has no members" : "group \(row.name) is \(row.verdict.rawValue)"
      return CauseGroup(
        cause: Cause(
          kind, sentence, [Evidence(row.reason, source: "lag", readAt: lag.last?.time)], strength: 70,
          suggestion: row.verdict == .empty ? "start what reads as \(row.name)" : "look at what \(row.name) does",
          subject: .group(row.name)), extent: .system, count: 0)
    }
  }

  private func troubledLocks(now: Timestamp) -> [CauseGroup] {
    locks.ranking.prefix { $0.verdict.isTrouble }.prefix(4).compactMap { rank in
      guard let record = locks.records[rank.key] else { return nil }
      let row = row(record, rank.key, now: now)
      return CauseGroup(
        cause: Cause(
          row.verdict == .immortal ? .lockImmortal : row.verdict == .lost ? .lockLost : .lockOverdue,
          "lock \(row.id.key) \(row.verdict == .immortal ? "never expires" : "is \(row.verdict.rawValue)")",
          [Evidence(row.reason, source: row.id.source, readAt: row.readAt)], strength: 60,
          suggestion: "see what its holder does", subject: .lock(row.id)), extent: .system, count: 0, since: rank.since)
    }
  }

  /// Steps that recently take much longer than in the last hour.
  private func slowSteps(now: Timestamp) -> [CauseGroup] {
    slowSteps(at: now).map { slow in
      CauseGroup(
        cause: Cause(
          .slowStep, "\(slow.step) is slow: \(Quantity.latency(slow.recent)), usually \(Quantity.latency(slow.usual))",
          [],
          strength: 74, suggestion: "look at what \(slow.service ?? slow.step) waits for",
          subject: slow.service.map { .service($0) }), extent: .system, count: 0, steps: [slow.step])
    }
  }

  func slowSteps(at now: Timestamp) -> [SlowStep] {
    sagas.definitions.indices.flatMap { place in
      sagas.activity[place].slow(at: now).map { step, usual, recent in
        let name = symbols.text(step)
        let service = sagas.definitions[place].definition.steps.first { $0.name == name }?.service
        return SlowStep(
          type: sagas.definitions[place].definition.type, step: name, service: service, usual: usual, recent: recent)
      }
    }.sorted { ($1.recent - $1.usual, $0.step) < ($0.recent - $0.usual, $1.step) }
  }

  /// Failures that prevent at least a tenth of the sagas from completing.
  private func frequentFailures(now: Timestamp) -> [CauseGroup] {
    let span = TypeStatistics.recentSpan
    let ends = max(1, sagas.total.view(type: "", now: now).recentEnds)
    let found = failures.all.map { ($0, $0.rates.count(over: span, before: now)) }.filter { _, count in
      count >= Self.leastFailures && Double(count) / Double(ends) >= Self.leastShare
    }.sorted { ($1.1, $0.0.text) < ($0.1, $1.0.text) }
    return found.prefix(3).map { pattern, count in
      let steps = pattern.steps.named(symbols).compactMap(\.name)
      let rate = pattern.rates.rate(over: TypeStatistics.rateSpan, before: now, since: historyStart)
      return CauseGroup(
        cause: Cause(
          .stepFailed, "\(steps.first.map { "\($0) fails" } ?? "fails"): \(pattern.text)",
          [Evidence("\(Quantity.rate(rate)) over the last minute", source: "events")], strength: 70,
          suggestion: "see why \(steps.first ?? "the step") fails; a retry comes to the same until then"),
        extent: .ended, count: count, since: pattern.first,
        steps: Array(steps.prefix(1)), filter: Filter.text(pattern: pattern.text))
    }
  }
}

/// A step that recently takes much longer than usual.
package struct SlowStep: Sendable, Equatable {
  package var type: String
  package var step: String
  package var service: String?
  package var usual: Duration
  package var recent: Duration

  package init(type: String, step: String, service: String? = nil, usual: Duration, recent: Duration) {
    self.type = type
    self.step = step
    self.service = service
    self.usual = usual
    self.recent = recent
  }
}
