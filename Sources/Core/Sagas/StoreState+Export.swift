extension Store {
  private static let exportPage = 256

  /// The events of all retained sagas, without message texts. An empty store with the same definitions derives the same sagas from them.
  /// Holds the lock for a limited number of sagas at a time.
  package func eachEvent(_ body: ([Event]) throws -> Void) rethrows {
    var start = 0
    while let events = read({ $0.sagas.exportedEvents(from: start, atMost: Self.exportPage) }) {
      start += Self.exportPage
      try body(events)
    }
  }
}

extension SagaState {
  /// `nil` after the last saga.
  fileprivate func exportedEvents(from start: Int, atMost count: Int) -> [Event]? {
    guard start < slots.count else { return nil }
    return slots[start..<min(start + count, slots.count)].flatMap { $0?.exportedEvents ?? [] }
  }
}

extension Saga {
  /// Each event contains one id, and one event contains all: a saga's ids are those in its events.
  fileprivate var exportedEvents: [Event] {
    let records = events.records
    let start = firstStartKey
    // The saga is displayed with the id of its first start event, so another event must contain the other ids.
    let carrier = records.count > 1 && start != nil ? records.firstIndex { !isFirstStart($0) } ?? 0 : 0
    // A trace may be known from a copy that was not stored.
    var unplaced = traces.filter { trace in !records.contains { $0.time == trace.last } }
    return records.enumerated().map { place, record in
      var link = SagaLink(definition: UInt16(clamping: definition), key: key, rule: record.rule)
      if isFirstStart(record), let start { link.key = start }
      link.details = events.details(of: record)
      if place == carrier {
        link.otherKeys = keys.filter { $0 != link.key }
        if let parent { link.parent = parent }
      }
      var event = Event(
        type: record.type, time: record.time, origin: record.origin, node: record.node,
        fingerprint: record.fingerprint, link: link)
      if record.delivery != .event {
        event.deadLetter = DeadLetter(
          originalTopic: record.originalTopic, error: nil, isRetry: record.delivery == .retried)
      }
      event.isTimeOfReading = record.isTimeOfReading
      event.trace = traces.first { $0.last == record.time }?.id ?? unplaced.popLast()?.id
      return event
    }
  }
}
