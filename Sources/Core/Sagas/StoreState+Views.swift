/// Views for readers of the store. Only requested rows are derived again from their events.
extension StoreState {
  mutating func overview(limit: Int, now: Timestamp) -> OverviewView {
    var view = OverviewView(
      total: sagas.total.view(type: "", now: now),
      types: sagas.definitions.indices.map {
        sagas.statistics[$0].view(type: sagas.definitions[$0].definition.type, now: now)
      },
      sagas: sagas(SagaQuery(limit: limit), now: now), undecoded: undecoded.total, evicted: sagas.evicted,
      late: sagas.late)
    view.evictedOpen = sagas.evictedOpen
    view.coverage = SourceCoverage(sources.values, at: now)
    view.stuckSince = sagas.lists.oldest(of: .stuck).flatMap { sagas[slot: $0]?.judgedFrom }
    view.slowSteps = slowSteps(at: now)
    view.newestStuck = sagas.lists.newest(of: .stuck).flatMap { sagas[slot: $0]?.judgedFrom }
    guard !view.coverage.isWhole else { return view }
    // Without current data from all sources there are no rates.
    (view.total.startRate, view.total.endRate) = (nil, nil)
    for place in view.types.indices { (view.types[place].startRate, view.types[place].endRate) = (nil, nil) }
    return view
  }

  mutating func row(_ saga: Saga) -> SagaRow {
    sagas.folds[saga.definition].run(saga.events)
    let fold = sagas.folds[saga.definition]
    let summary = saga.summary
    var row = SagaRow(
      handle: saga.handle, id: saga.id, type: fold.definition.definition.type,
      status: summary.status, flags: summary.flags, step: symbols.name(summary.step), startedAt: summary.startedAt,
      updatedAt: summary.updatedAt, endedAt: summary.endedAt, progressAt: summary.progressAt,
      deadline: summary.status.isActive ? sagas.deadline(of: saga) : nil, node: symbols.name(summary.node),
      failedStep: symbols.name(summary.failedStep), error: summary.error,
      steps: stepViews(of: fold.round, fold.definition))
    row.parent = parentID(of: saga)
    row.round = summary.round
    row.isAtMost = summary.isAtMost
    row.traces = saga.traces.map(\.id)
    row.ending = ending(of: saga, summary.status)
    return row
  }

  /// The name of the end from the last event with this status.
  private func ending(of saga: Saga, _ status: SagaStatus) -> String? {
    let rules = sagas.definitions[saga.definition].definition.events
    guard !status.isActive, rules.contains(where: { $0.ending != nil }) else { return nil }
    let last = saga.events.records.last { record in
      record.rule != EventRecord.noRule && rules[Int(record.rule)].ends == status
    }
    return last.flatMap { rules[Int($0.rule)].ending }
  }

  private func stepViews(of round: SagaRound, _ definition: CompiledDefinition) -> [StepView] {
    round.steps.indices.map { index in
      let step = round.steps[index]
      let defined = index < definition.steps.count ? definition.definition.steps[index] : nil
      var view = StepView(
        name: symbols.text(step.step),
        status: round.shownStatus(of: index, isOptional: definition.isOptional(index)), service: defined?.service,
        group: defined.flatMap { group(of: $0) },
        attempts: round.shownAttempts(of: index).map { attempt in
          StepView.Attempt(
            startedAt: attempt.startedAt, endedAt: attempt.endedAt, hasFailed: attempt.hasFailed,
            isAtMost: attempt.isAtMost, node: symbols.name(attempt.node), error: attempt.error)
        },
        compensatedAt: step.compensatedAt, compensationNode: symbols.name(step.compensationNode),
        compensationError: step.compensationError)
      view.waitsForPerson = defined?.waitsForPerson ?? false
      return view
    }
  }

  private func roundView(_ round: SagaRound, _ definition: CompiledDefinition) -> RoundView {
    RoundView(
      number: round.number, status: round.summary.status, flags: round.summary.flags, startedAt: round.startedAt,
      endedAt: round.summary.endedAt, failedStep: symbols.name(round.summary.failedStep), error: round.error,
      steps: stepViews(of: round, definition))
  }

  /// As configured, else the group that commits to the step's topic.
  func group(of step: StepDefinition) -> String? {
    if let group = step.group { return group }
    return step.topic.flatMap { lag.readers.group(of: symbols.symbol($0), service: step.service, step: step.name) }
  }

  mutating func sagaView(_ handle: SagaHandle) -> SagaView? {
    guard let saga = sagas[handle] else { return nil }
    let identities = sagas.definitions[saga.definition].definition.identities
    let ids = saga.keys.map { key in
      (name: Int(key.identity) < identities.count ? identities[Int(key.identity)].name : "", value: key.value)
    }
    var view = SagaView(
      row: row(saga), ids: ids, events: saga.events.records.map { eventRow($0, saga.events.details(of: $0), of: saga) },
      droppedEvents: saga.droppedEvents)
    let fold = sagas.folds[saga.definition]
    view.earlier = fold.state.earlier.map { roundView($0, fold.definition) }
    view.contradictions = fold.round.contradictions.map { contradiction($0, fold.round) }
    view.parent = parentRow(of: saga)
    (view.children, view.childCount) = children(of: saga, limit: SagaView.mostChildren)
    view.actions = actions.records(type: view.row.type, ids: ids.map(\.value))
    return view
  }

  private func contradiction(_ found: SagaRound.Contradiction, _ round: SagaRound) -> SagaContradiction {
    let kind: SagaContradiction.Kind =
      switch found.kind {
      case .end(let status): .end(status)
      case .failure(let step): .failure(step: symbols.text(round.steps[step].step))
      case .success(let step): .success(step: symbols.text(round.steps[step].step))
      }
    return SagaContradiction(
      kind: kind, event: symbols.text(found.type), time: found.time,
      endEvent: round.end.flatMap { symbols.name($0.type) },
      endedAt: round.end?.time ?? round.summary.endedAt)
  }

  private func eventRow(_ record: EventRecord, _ details: EventDetails?, of saga: Saga?) -> EventRow {
    EventRow(
      type: symbols.text(record.type), time: record.time, topic: symbols.text(record.origin.topic),
      partition: record.origin.partition, offset: record.origin.offset, node: symbols.name(record.node),
      meaning: saga.map { meaning(of: record, details, definition: $0.definition) } ?? "", error: details?.error,
      saga: saga?.handle, sagaID: saga?.id, message: record.message)
  }

  /// Example: "completes payment, ends completed".
  private func meaning(of record: EventRecord, _ details: EventDetails?, definition: Int) -> String {
    switch record.delivery {
    case .parked: return "was moved aside: no consumer could process it"
    case .retried: return "is to be tried again"
    case .event: break
    }
    guard record.rule != EventRecord.noRule else { return "" }
    let rule = sagas.definitions[definition].rules[Int(record.rule)]
    var words = rule.startsSaga ? ["starts the saga"] : []
    let known = sagas.definitions[definition]
    for effect in known.effects(of: rule) {
      let carried = (details?.steps ?? []).map { name in
        known.step(of: name, effect.transition).map { known.steps[$0] } ?? name
      }
      let steps = effect.step.map { [known.steps[$0]] } ?? carried
      words += steps.map { "\(effect.transition.phrase) \(symbols.text($0))" }
    }
    if rule.startsCompensation { words.append("starts compensation") }
    if let ends = rule.ends {
      words.append("ends \(sagas.definitions[definition].definition.events[Int(record.rule)].ending ?? ends.name)")
    }
    return words.joined(separator: ", ")
  }

  func events(_ query: EventQuery, now: Timestamp) -> EventList {
    var matching: [RecentEvents.Entry] = []
    var followed: Int?
    let names = SagaNames(self)
    recent.walk { entry in
      guard query.filter.matchesAll || query.filter.matches(candidate(entry, names), now: now) else { return }
      if let id = query.following, self.id(of: entry) == id { followed = matching.count }
      matching.append(entry)
    }
    if query.isReversed {
      matching.reverse()
      followed = followed.map { matching.count - 1 - $0 }
    }
    let start = ListPlace.start(
      query.offset, limit: query.limit, count: matching.count, followed: followed)
    return EventList(
      ListWindow(
        matching.dropFirst(start).prefix(query.limit).map { row($0) }, offset: start, matching: matching.count,
        total: recent.count),
      received: received, undecoded: undecoded.view(symbols))
  }

  private func candidate(_ entry: RecentEvents.Entry, _ names: SagaNames) -> EventCandidate {
    EventCandidate(
      entry: entry, saga: entry.saga.flatMap { sagas[$0] }.map { SagaCandidate(saga: $0, names: names) },
      symbols: symbols)
  }

  private func id(of entry: RecentEvents.Entry) -> EventID {
    let origin = entry.record.origin
    return EventID(topic: symbols.text(origin.topic), partition: origin.partition, offset: origin.offset)
  }

  private func row(_ entry: RecentEvents.Entry) -> EventRow {
    var row = eventRow(entry.record, entry.details, of: entry.saga.flatMap { sagas[$0] })
    row.undecoded = entry.undecoded
    return row
  }
}

extension EventRule.Transition {
  /// For sentences about a step.
  fileprivate var phrase: String {
    switch self {
    case .begins: "begins"
    case .completes: "completes"
    case .fails: "fails"
    case .timesOut: "times out"
    case .compensates: "compensates"
    case .compensationFails: "fails to compensate"
    case .skips: "skips"
    }
  }
}
