extension Store {
  private static let exportPage = 256

  /// The events of all retained sagas, without the texts of their messages: taken again by an empty store of the same definitions, they
  /// make the same sagas. Holds the lock for some sagas at a time.
  package func eachEvent(_ body: ([Event]) throws -> Void) rethrows {
    var start = 0
    while let events = read({ $0.sagas.exportedEvents(from: start, atMost: Self.exportPage) }) {
      start += Self.exportPage
      try body(events)
    }
  }
}

extension SagaState {
  /// `nil` past the last saga.
  fileprivate func exportedEvents(from start: Int, atMost count: Int) -> [Event]? {
    guard start < slots.count else { return nil }
    return slots[start..<min(start + count, slots.count)].flatMap { $0?.exportedEvents ?? [] }
  }
}

extension Saga {
  /// Each carries one id, and one of them all: a saga's ids are those that its events carry.
  fileprivate var exportedEvents: [Event] {
    let records = events.records
    let start = firstStartKey
    // The saga is shown by the id that its first start carried, so another event has to tell the rest.
    let carrier = records.count > 1 && start != nil ? records.firstIndex { !isFirstStart($0) } ?? 0 : 0
    // A trace may be known from a copy that was not kept.
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
