/// What readers are shown. Only the rows that are asked for are derived again from their events.
extension StoreState {
  mutating func overview(limit: Int, now: Timestamp) -> OverviewView {
    var view = OverviewView(
      total: sagas.total.view(type: "", now: now),
      types: sagas.definitions.indices.map {
        sagas.statistics[$0].view(type: sagas.definitions[$0].definition.type, now: now)
      },
      sagas: sagas(SagaQuery(limit: limit), now: now), undecoded: undecoded.total, evicted: sagas.evicted,
      late: sagas.late)
    view.coverage = EventCoverage(sources.values, at: now)
    guard !view.coverage.isWhole else { return view }
    // Rates end where the readings do.
    view.total.startRate = nil
    for place in view.types.indices { view.types[place].startRate = nil }
    return view
  }

  mutating func row(_ saga: Saga) -> SagaRow {
    sagas.folds[saga.definition].run(saga.events)
    let steps = stepViews(of: sagas.folds[saga.definition])
    let summary = saga.summary
    var row = SagaRow(
      handle: saga.handle, id: saga.keys.first?.value ?? "", type: sagas.definitions[saga.definition].definition.type,
      status: summary.status, flags: summary.flags, step: symbols.name(summary.step), startedAt: summary.startedAt,
      updatedAt: summary.updatedAt, endedAt: summary.endedAt, progressAt: summary.progressAt,
      deadline: summary.status.isActive ? sagas.deadline(of: saga) : nil, node: symbols.name(summary.node),
      failedStep: symbols.name(summary.failedStep), error: summary.error, steps: steps)
    row.parent = parentID(of: saga)
    return row
  }

  private func stepViews(of fold: SagaFold) -> [StepView] {
    fold.steps.enumerated().map { index, step in
      let defined = index < fold.definition.steps.count ? fold.definition.definition.steps[index] : nil
      return StepView(
        name: symbols.text(step.step), status: step.status, service: defined?.service, group: defined.flatMap(group),
        attempts: step.attempts.map { attempt in
          StepView.Attempt(
            startedAt: attempt.startedAt, endedAt: attempt.endedAt, hasFailed: attempt.hasFailed,
            node: symbols.name(attempt.node), error: attempt.error)
        },
        compensatedAt: step.compensatedAt, compensationNode: symbols.name(step.compensationNode),
        compensationError: step.compensationError)
    }
  }

  /// As defined, else by who commits to the step's topic.
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
      row: row(saga), ids: ids, events: saga.events.map { eventRow($0, of: saga) }, droppedEvents: saga.droppedEvents)
    view.parent = parentRow(of: saga)
    (view.children, view.childCount) = children(of: saga, limit: SagaView.mostChildren)
    view.actions = actions.records(type: view.row.type, ids: ids.map(\.value))
    return view
  }

  private func eventRow(_ record: EventRecord, of saga: Saga?) -> EventRow {
    EventRow(
      type: symbols.text(record.type), time: record.time, topic: symbols.text(record.origin.topic),
      partition: record.origin.partition, offset: record.origin.offset, node: symbols.name(record.node),
      meaning: saga.map { meaning(of: record, definition: $0.definition) } ?? "", error: record.error,
      saga: saga?.handle, sagaID: saga?.keys.first?.value, message: record.message)
  }

  /// "completes payment, ends completed".
  private func meaning(of record: EventRecord, definition: Int) -> String {
    guard record.rule != EventRecord.noRule else { return "" }
    let rule = sagas.definitions[definition].rules[Int(record.rule)]
    var words = rule.startsSaga ? ["starts the saga"] : []
    for effect in rule.effects {
      let steps = effect.step.map { [sagas.definitions[definition].steps[$0]] } ?? record.steps
      words += steps.map { "\(effect.transition.phrase) \(symbols.text($0))" }
    }
    if rule.startsCompensation { words.append("starts compensation") }
    if let ends = rule.ends { words.append("ends \(ends.name)") }
    return words.joined(separator: ", ")
  }

  func events(_ query: EventQuery, now: Timestamp) -> EventList {
    var matching: [RecentEvents.Entry] = []
    var followed: Int?
    recent.walk { entry in
      if !query.filter.matchesAll, !query.filter.matches(entry, in: self, now: now) { return }
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

  private func id(of entry: RecentEvents.Entry) -> EventID {
    let origin = entry.record.origin
    return EventID(topic: symbols.text(origin.topic), partition: origin.partition, offset: origin.offset)
  }

  private func row(_ entry: RecentEvents.Entry) -> EventRow {
    var row = eventRow(entry.record, of: entry.saga.flatMap { sagas[$0] })
    row.undecoded = entry.undecoded
    return row
  }
}

extension EventRule.Transition {
  /// As part of a sentence about a step.
  fileprivate var phrase: String {
    switch self {
    case .begins: "begins"
    case .completes: "completes"
    case .fails: "fails"
    case .compensates: "compensates"
    case .compensationFails: "fails to compensate"
    case .skips: "skips"
    }
  }
}
