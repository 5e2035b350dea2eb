import Text

/// Collects the input of a diagnosis.
extension StoreState {
  /// Maximum number of a saga's first events to search for values in lock keys.
  private static let searchedEvents = 8
  private static let searchedBytes = 16 << 10

  /// `nil` if the saga was dropped, or merged into another. `nodes` is the result of `nodeHealths`; callers that diagnose many sagas
  /// compute it once.
  mutating func situation(_ handle: SagaHandle, now: Timestamp, nodes: [NodeHealth]? = nil) -> Situation? {
    guard let saga = sagas[handle], let view = sagaView(handle) else { return nil }
    let definition = sagas.definitions[saga.definition].definition
    var situation = Situation(now: now, saga: view)
    situation.coordination = definition.coordination
    situation.slowSteps = slowSteps(view.row, saga.definition, now: now)
    situation.focus = Self.focus(view.row, situation.slowSteps)
    if let focus = situation.focus { situation.pace = pace(focus.name, saga.definition, now: now) }
    let isLate =
      situation.focus != nil && !situation.isWaitingForPerson && situation.pace.excess(of: situation.waited) != nil
    situation.trouble = SagaCondition(view.row, isSlow: isLate || !situation.slowSteps.isEmpty)
    situation.sources = sortedSources
    situation.copies = saga.copies
    situation.sharedEventIDs = saga.events.sharedIDs
    situation.joinedIDs = joinedIDs(saga)
    situation.lastOfType = sagas.activity[saga.definition].lastEvent
    // If a person's decision is pending, the state of services is irrelevant.
    if situation.trouble != .none, !situation.isWaitingForPerson {
      gatherSurroundings(of: saga, definition, into: &situation)
      situation.nodes = nodes ?? nodeHealths(now: now)
    }
    return situation
  }

  private func gatherSurroundings(of saga: Saga, _ definition: SagaDefinition, into situation: inout Situation) {
    let now = situation.now
    gatherGroup(of: saga, definition, into: &situation)
    if let name = situation.focus?.service {
      situation.service = services.place(of: name).map { services.row(services.services[$0], now: now) }
      situation.callers = services.withOpenCircuits(now: now).filter { $0.name != name }
    }
    if !saga.traces.isEmpty { situation.traces = traces.view(of: saga, asks: false, now: now) }
    if !saga.traces.isEmpty || !pods.isEmpty {
      situation.watched = Set(services.services.map(\.definition.name))
      situation.pods = situation.focus?.service.flatMap { pods(of: $0, now: now) }
      situation.job = pods(namedBy: situation.saga.ids.map(\.value), now: now)
    }
    situation.unreadable = unreadable(around: situation)
    situation.failures = failures(of: saga, step: situation.focus?.name, now: now)
    situation.locks = locks(of: saga, step: situation.focus?.name, now: now)
    situation.head = head(of: situation)
    situation.deployments = deployments(before: situation.focusStart)
  }

  private static let mostDeployments = 3
  private static let deploymentSpan = Duration.seconds(300)

  private func deployments(before start: Timestamp?) -> [Change] {
    guard let start else { return [] }
    let near = changes.changes.filter {
      $0.kind == .deployment && $0.time <= start + .seconds(5) && start - $0.time < Self.deploymentSpan
    }
    return Array(near.suffix(Self.mostDeployments))
  }

  /// Searches the sagas in trouble and the latest messages only.
  private func head(of situation: Situation) -> Situation.Head? {
    guard !locks.records.isEmpty, situation.isInputRead == false, let partition = situation.group?.partition,
      let committed = partition.committed, partition.verdict == .stalled || partition.verdict == .stopped,
      situation.input.map({ $0.offset > committed }) == true
    else { return nil }
    let origin = Origin(
      topic: symbols.symbol(partition.topic), partition: partition.partition, offset: committed)
    guard let saga = sagas.troubles.saga(from: origin, in: sagas) else { return nil }
    return Situation.Head(
      id: saga.id, type: sagas.definitions[saga.definition].definition.type,
      place: "\(partition.topic)/\(partition.partition)@\(committed)",
      locks: locks(of: saga, step: situation.focus?.name, now: situation.now))
  }

  private func pace(_ step: String, _ definition: Int, now: Timestamp) -> StepPace {
    let symbol = symbols.symbol(step)
    return sagas.activity[definition].pace(
      of: symbol, usual: sagas.stepDeadlines[definition].durations(of: symbol), now: now)
  }

  private func slowSteps(_ row: SagaRow, _ definition: Int, now: Timestamp) -> [Situation.SlowStep] {
    guard row.status == .running || row.status == .completed else { return [] }
    return row.steps.compactMap { step in
      guard step.status == .completed, !step.waitsForPerson, let last = step.attempts.last, !last.isAtMost,
        let start = last.startedAt, let end = last.endedAt
      else { return nil }
      let slow = Situation.SlowStep(step: step, pace: pace(step.name, definition, now: now), took: end - start)
      return slow.excess > .zero ? slow : nil
    }
  }

  private static func focus(_ row: SagaRow, _ slow: [Situation.SlowStep]) -> StepView? {
    let named = { (name: String?) in row.steps.first { $0.name == name } }
    switch row.status {
    case .running: return named(row.step)
    case .compensating:
      // A failed step has already responded, so the saga does not wait for it.
      return named(row.step).flatMap { $0.status == .failed || $0.status == .compensated ? nil : $0 }
    case .declined, .ended: return nil
    case .compensated: return named(row.failedStep)
    case .failed: return row.steps.first { $0.status == .compensationFailed } ?? named(row.failedStep)
    case .completed: return slow.max { $0.excess < $1.excess }?.step
    }
  }

  /// The message that triggers the step, and the group that must read it. A compensation may be requested by any topic that the group
  /// reads.
  private func gatherGroup(of saga: Saga, _ definition: SagaDefinition, into situation: inout Situation) {
    guard let focus = situation.focus else { return }
    let defined = definition.steps.first { $0.name == focus.name }
    let name = focus.group ?? focus.service
    let topic = situation.row.status == .compensating ? nil : defined?.topic.map { symbols.symbol($0) }
    let input = saga.events.records.last { event in
      let key = TopicPartitionKey(topic: event.origin.topic, partition: event.origin.partition)
      return topic.map { $0 == event.origin.topic } ?? name.map { lag.reads(key, $0) } ?? false
    }
    situation.input = input.flatMap { record in
      situation.saga.events.first {
        $0.offset == record.origin.offset && $0.partition == record.origin.partition
          && $0.topic == symbols.text(record.origin.topic)
      }
    }
    let key = input.map { TopicPartitionKey(topic: $0.origin.topic, partition: $0.origin.partition) }
    situation.group = name.flatMap { lag.row(of: $0, partition: key, now: situation.now) }
    let topics = Set(definition.steps.compactMap(\.topic) + (situation.group?.row.topics ?? []))
    situation.transactions = lag.openTransactions(now: situation.now).filter {
      topics.contains($0.topic) || lag.hasRead($0.topic)
    }
  }

  /// The state of each node, from its events and the service instances on it, sorted by name.
  func nodeHealths(now: Timestamp) -> [NodeHealth] {
    var nodes = withSilence(services.nodes(now: now), now: now)
    guard nodes.contains(where: \.isLost) else { return nodes }
    var last: [Symbol: Timestamp] = [:]
    recent.walk { entry in
      if !entry.record.node.isNone {
        last[entry.record.node] = max(last[entry.record.node] ?? .distantPast, entry.record.time)
      }
    }
    for place in nodes.indices where nodes[place].isLost {
      nodes[place].lastEvent = last[symbols.symbol(nodes[place].node)] ?? nodes[place].lastEvent
    }
    return nodes
  }

  /// Adds the silence derived from events to the state of the instances. Nodes are compared only if at least one is quiet.
  private func withSilence(_ answering: [NodeHealth], now: Timestamp) -> [NodeHealth] {
    let judged = judgedUntil(now)
    let quiet = self.nodes.records.filter { $0.value.lastAt.map { judged - $0 > NodeJudge.leastSilence } ?? false }
    guard !quiet.isEmpty else { return answering }
    let survey = NodeSurvey(self.nodes.records, judgedAt: judged, symbols: symbols)
    var healths = answering
    var places = Dictionary(answering.indices.map { (answering[$0].node, $0) }, uniquingKeysWith: { first, _ in first })
    for (symbol, record) in quiet {
      guard let silence = survey.silence(of: symbol) else { continue }
      let name = symbols.text(symbol)
      let place = places[name] ?? healths.endIndex
      if place == healths.endIndex {
        healths.append(NodeHealth(node: name, instances: 0, down: 0))
        places[name] = place
      }
      (healths[place].silence, healths[place].lastEvent) = (silence, record.lastAt)
    }
    return healths.sorted { $0.node < $1.node }
  }

  private func unreadable(around situation: Situation) -> [Situation.Unreadable] {
    let ids = Set(situation.saga.ids.map(\.value))
    return unreadable.entries.compactMap { entry in
      let topic = symbols.text(entry.origin.topic)
      let isBeside = situation.input.map { $0.topic == topic && $0.partition == entry.origin.partition } ?? false
      guard isBeside || ids.contains(entry.key) else { return nil }
      return Situation.Unreadable(
        topic: topic, partition: entry.origin.partition, offset: entry.origin.offset, time: entry.time,
        reason: entry.reason, key: entry.key)
    }
  }

  private func failures(of saga: Saga, step: String?, now: Timestamp) -> [Situation.Failure] {
    var seen: Set<FailurePatternID> = []
    let own = saga.failures.map(\.pattern).filter { seen.insert($0).inserted }.compactMap { failures.pattern($0) }
    guard own.isEmpty, let step else { return own.map { failure($0, isOwn: true, now: now) } }
    let symbol = symbols.symbol(step)
    let others = failures.all.filter { $0.steps.counts[symbol] != nil }
    return others.max { $0.count < $1.count }.map { [failure($0, isOwn: false, now: now)] } ?? []
  }

  private func failure(_ pattern: FailurePattern, isOwn: Bool, now: Timestamp) -> Situation.Failure {
    Situation.Failure(
      pattern: pattern.text, count: pattern.count, sagas: pattern.sagas.count,
      lastAt: pattern.last ?? pattern.first ?? now,
      rate: pattern.rates.rate(over: TypeStatistics.rateSpan, before: now, since: historyStart), isOwn: isOwn)
  }

  /// Held or lost locks with keys that match the saga's ids or values in its messages.
  private func locks(of saga: Saga, step: String?, now: Timestamp) -> [LockRow] {
    guard !locks.records.isEmpty else { return [] }
    let fields = fields(of: saga, step: step)
    return locks.definitions.flatMap { definition in
      fields.keys(of: definition.pattern).flatMap { key in
        locks.servers.keys.sorted().compactMap { server in
          let key = LockKey(source: server, key: key)
          guard let record = locks.records[key], record.holding != nil || record.verdict == .lost else { return nil }
          return row(record, key, now: now)
        }
      }
    }
  }

  private func fields(of saga: Saga, step: String?) -> SagaFields {
    var fields = SagaFields(names: Set(locks.definitions.flatMap(\.pattern.names)))
    let definition = sagas.definitions[saga.definition].definition
    for key in saga.keys where Int(key.identity) < definition.identities.count {
      fields.add(definition.identities[Int(key.identity)].name, key.value)
    }
    if let step { fields.add("step", step) }
    fields.add("type", definition.type)
    for event in saga.events.records.prefix(Self.searchedEvents) {
      guard let message = messages.message(event.message), message.body.count <= Self.searchedBytes,
        let document = JSONNode(message.body)
      else { continue }
      fields.add(document)
    }
    return fields
  }
}
