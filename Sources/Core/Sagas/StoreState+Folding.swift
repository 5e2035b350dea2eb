/// Folds messages into sagas.
extension StoreState {
  mutating func fold(_ event: Event, arena: [UInt8]) {
    received += 1
    if event.origin.isInTopic { lag.note(event.time, of: event.origin) }
    historyStart = min(historyStart ?? event.time, event.time)
    nodes.note(event.version, of: event.node, at: event.time)
    changes.noteVersion(of: event, symbols)
    var record = EventRecord(event, message: keep(event.text, of: arena))
    var details: EventDetails?
    var saga: Saga?
    if let link = event.link {
      details = EventDetails.of(link.details, error: event.deadLetter?.error)
      saga = fold(&record, details, link)
      if let trace = event.trace { saga?.note(trace, at: event.time) }
      for other in event.otherLinks {
        var copy = record
        let part = fold(&copy, EventDetails.of(other.details, error: event.deadLetter?.error), other)
        if let trace = event.trace { part?.note(trace, at: event.time) }
      }
    }
    coverage.add(event, rule: record.rule, isKnown: isKnown(record, event))
    guard !sagas.isReadingPast else { return }
    recent.append(
      .init(record: record, details: details, saga: saga?.handle, definition: saga?.definition, undecoded: nil))
  }

  /// The text of an old message must not displace that of a newer one.
  private mutating func keep(_ text: MessageSlice, of arena: [UInt8]) -> MessageRef {
    sagas.isReadingPast && !messages.hasRoom ? .none : messages.keep(text, of: arena)
  }

  /// Whether a rule exists for events of its type.
  private func isKnown(_ record: EventRecord, _ event: Event) -> Bool {
    record.rule != EventRecord.noRule || sagas.definitions.contains { $0.hasRules(for: event.type, symbols) }
  }

  mutating func fold(_ message: UndecodedMessage, arena: [UInt8]) {
    received += 1
    undecoded.add(message)
    unreadable.add(message, arena: arena)
    if message.origin.isInTopic { lag.note(message.time, of: message.origin) }
    let record = EventRecord(
      time: message.time, origin: message.origin, fingerprint: 0, message: keep(message.text, of: arena),
      type: .none, node: .none)
    guard !sagas.isReadingPast else { return }
    recent.append(.init(record: record, details: nil, saga: nil, definition: nil, undecoded: message.reason))
  }

  /// Removes messages that were reported as undecoded and are now decoded as events.
  mutating func withdraw(_ origins: [Origin]) {
    received -= origins.count
    for origin in origins { undecoded.remove(origin.topic) }
    let places = Set(origins)
    unreadable.forget(places)
    recent.forget(undecoded: places)
  }

  /// Adds the event to its saga; the event's ids may first require a merge of several sagas.
  private mutating func fold(_ record: inout EventRecord, _ details: EventDetails?, _ link: SagaLink) -> Saga? {
    let definition = Int(link.definition)
    guard sagas.definitions.indices.contains(definition) else { return nil }
    record.rule = link.rule ?? sagas.definitions[definition].rule(of: record.type, symbols)
    sagas.activity[definition].note(record.time)
    guard let (saga, absorbed) = sagas.named(by: link, definition: definition, time: record.time) else {
      sagas.late += 1
      return nil
    }
    for other in absorbed { takeBack(other) }
    if let parent = link.parent { sagas.place(saga, below: parent) }
    sagas.noteStart(record, link, of: saga)
    let isNew = sagas.insert(record, details, into: saga)
    if isNew || !absorbed.isEmpty { sagas.deriveLater(saga) }
    return saga
  }

  private mutating func takeBack(_ saga: Saga) {
    takeBackFailures(of: saga)
    takeBackWorks(of: saga)
    takeBackRollBack(of: saga)
  }

  /// Derives at most `limit` of the sagas that have new events. Returns whether none is left. The events of one saga often arrive close
  /// together, and the saga is derived once for all of them.
  @discardableResult
  mutating func deriveChanged(at now: Timestamp, atMost limit: Int = .max) -> Bool {
    let (changed, isLast) = sagas.takeChanged(atMost: limit)
    for saga in changed {
      sagas.derive(saga)
      if sagas.holds(saga, at: now) { continue }
      countFailures(of: saga)
      countWorks(of: saga)
      countRollBack(of: saga)
      sagas.count(saga)
    }
    return isLast
  }
}

extension EventRecord {
  init(_ event: Event, message: MessageRef) {
    self.init(
      time: event.time, origin: event.origin, fingerprint: event.fingerprint, message: message, type: event.type,
      node: event.node)
    isTimeOfReading = event.isTimeOfReading
    guard let letter = event.deadLetter else { return }
    delivery = letter.isRetry ? .retried : .parked
    originalTopic = letter.originalTopic
  }
}
