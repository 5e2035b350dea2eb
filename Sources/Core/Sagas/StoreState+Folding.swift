/// How messages become sagas.
extension StoreState {
  mutating func fold(_ event: Event, arena: [UInt8]) {
    received += 1
    if event.origin.isInTopic { lag.note(event.time, of: event.origin) }
    historyStart = min(historyStart ?? event.time, event.time)
    nodes.note(event.version, of: event.node, at: event.time)
    var record = EventRecord(
      time: event.time, origin: event.origin, type: event.type, node: event.node, fingerprint: event.fingerprint,
      steps: [], error: nil, message: messages.keep(event.text, of: arena), rule: EventRecord.noRule)
    var saga: Saga?
    if let link = event.link {
      saga = fold(&record, link)
      for other in event.otherLinks {
        var copy = record
        _ = fold(&copy, other)
      }
    }
    recent.append(.init(record: record, saga: saga?.handle, definition: saga?.definition, undecoded: nil))
  }

  mutating func fold(_ message: UndecodedMessage, arena: [UInt8]) {
    received += 1
    undecoded.add(message)
    unreadable.add(message, arena: arena)
    if message.origin.isInTopic { lag.note(message.time, of: message.origin) }
    let record = EventRecord(
      time: message.time, origin: message.origin, type: .none, node: .none, fingerprint: 0, steps: [], error: nil,
      message: messages.keep(message.text, of: arena), rule: EventRecord.noRule)
    recent.append(.init(record: record, saga: nil, definition: nil, undecoded: message.reason))
  }

  /// Puts the event into its saga, which the event's ids may first have to join out of several.
  private mutating func fold(_ record: inout EventRecord, _ link: SagaLink) -> Saga? {
    let definition = Int(link.definition)
    guard definitions.indices.contains(definition) else { return nil }
    record.rule = link.rule ?? definitions[definition].rule(of: record.type, symbols)
    record.steps = link.steps
    record.error = link.error
    record.product = link.product
    activity[definition].note(record.time)
    guard let (saga, isJoined) = sagaNamed(by: link, definition: definition, time: record.time) else {
      late += 1
      return nil
    }
    if let parent = link.parent { place(saga, below: parent) }
    let isNew = insert(record, into: saga)
    if isNew || isJoined { deriveLater(saga) }
    return saga
  }

  private mutating func deriveLater(_ saga: Saga) {
    guard !saga.isChanged else { return }
    saga.isChanged = true
    changed.append(saga.handle)
  }

  /// Derives at most `limit` of the sagas that new events have changed. Returns whether none is left. The events of one saga often come
  /// close together, and it is derived once for all of them.
  @discardableResult
  mutating func deriveChanged(atMost limit: Int = .max) -> Bool {
    for handle in changed.prefix(limit) {
      guard let saga = saga(handle) else { continue }
      saga.isChanged = false
      refresh(saga)
    }
    changed.removeFirst(min(limit, changed.count))
    return changed.isEmpty
  }

  /// `nil` where the event tells of the past of a saga that was let go.
  private mutating func sagaNamed(
    by link: SagaLink, definition: Int, time: Timestamp
  ) -> (saga: Saga, isJoined: Bool)? {
    if link.otherKeys.isEmpty, let slot = sagasByKey[definition][link.key], let saga = slots[Int(slot)] {
      return (saga, false)
    }
    let keys = [link.key] + link.otherKeys
    let known = keys.compactMap { sagasByKey[definition][$0] }.compactMap { slots[Int($0)] }
    guard let first = known.first else {
      guard !departed.covers(keys, definition: definition, time: time) else { return nil }
      return (makeSaga(definition: definition, keys: keys), false)
    }
    var isJoined = false
    for other in known.dropFirst() where other !== first && slots[Int(other.handle.slot)] === other {
      merge(other, into: first)
      isJoined = true
    }
    adopt(keys, by: first)
    return (first, isJoined)
  }

  /// Two halves that were folded apart turn out to be one saga.
  private mutating func merge(_ other: Saga, into saga: Saga) {
    uncount(other)
    takeBackFailures(of: other)
    takeBackWorks(of: other)
    takeBackRollBack(of: other)
    removeSaga(other)
    adopt(other.keys, by: saga)
    saga.droppedEvents += other.droppedEvents
    saga.copies += other.copies
    for event in other.events { _ = insert(event, into: saga) }
    if let parent = other.parent { place(saga, below: parent) }
  }

  /// The least id is taken, so that it does not matter which event comes first.
  private mutating func place(_ saga: Saga, below parent: String) {
    if let known = saga.parent, known <= parent { return }
    family.leave(saga.handle.slot, parent: saga.parent)
    saga.parent = parent
    family.enter(saga.handle.slot, parent: parent)
  }

  /// A saga that has too many events takes only what ends it, in place of one in the middle: how it began and how it ended
  /// tells most.
  private func insert(_ record: EventRecord, into saga: Saga) -> Bool {
    let isFull = saga.events.count >= limits.maxEventsPerSaga
    if isFull { saga.droppedEvents += 1 }
    guard !isFull || definitions[saga.definition].ends(record) else { return false }
    let isNew = EventOrder(symbols: symbols).insert(record, into: &saga.events)
    if !isNew, record.fingerprint != 0, !saga.events.contains(where: { $0.origin == record.origin }) {
      saga.copies += 1
    }
    if saga.events.count > limits.maxEventsPerSaga { saga.events.remove(at: limits.maxEventsPerSaga / 2) }
    return isNew
  }

  /// Derives the saga anew and brings sums, lists and deadlines up to date with it.
  private mutating func refresh(_ saga: Saga) {
    let wasActive = !saga.isCounted || saga.summary.status.isActive
    uncount(saga)
    folds[saga.definition].run(saga.events)
    let wasStuck =
      saga.summary.flags.contains(.stuck) && saga.summary.progressAt == folds[saga.definition].summary.progressAt
    saga.summary = folds[saga.definition].summary
    if wasStuck, saga.summary.status.isActive { saga.summary.flags.insert(.stuck) }
    if !saga.summary.status.isActive {
      saga.stepDurations = folds[saga.definition].stepDurations
      if wasActive { notePassages(of: saga) }
    }
    countFailures(of: saga)
    countWorks(of: saga)
    countRollBack(of: saga)
    count(saga)
  }

  private mutating func notePassages(of saga: Saga) {
    for step in folds[saga.definition].steps {
      guard let last = step.attempts.last, !last.hasFailed, let start = last.startedAt, let end = last.endedAt,
        end >= start
      else { continue }
      activity[saga.definition].pass(step.step, end - start, endedAt: end)
    }
  }

  mutating func count(_ saga: Saga) {
    statistics[saga.definition].add(saga.summary)
    total.add(saga.summary)
    for (step, duration) in saga.stepDurations { stepDeadlines[saga.definition].add(duration, of: step) }
    saga.isCounted = true
    lists.move(saga.handle.slot, to: SagaBucket(saga.summary))
    guard saga.summary.status.isActive else { return }
    activity[saga.definition].enter(saga.summary.step)
    watchDeadline(of: saga)
  }

  mutating func uncount(_ saga: Saga) {
    guard saga.isCounted else { return }
    statistics[saga.definition].remove(saga.summary)
    total.remove(saga.summary)
    for (step, duration) in saga.stepDurations { stepDeadlines[saga.definition].remove(duration, of: step) }
    if saga.summary.status.isActive { activity[saga.definition].leave(saga.summary.step) }
    saga.stepDurations = []
    saga.isCounted = false
  }
}

extension SagaFold {
  /// How long each completed step took, where both its ends are known.
  fileprivate var stepDurations: [(step: Symbol, duration: Duration)] {
    steps.compactMap { step in
      guard let last = step.attempts.last, !last.hasFailed, let start = last.startedAt, let end = last.endedAt else {
        return nil
      }
      return end < start ? nil : (step.step, end - start)
    }
  }
}
