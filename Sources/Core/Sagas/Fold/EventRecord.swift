/// The data that a saga stores for each of its events. A saga's state depends on the set of these records only. Contains no references, so
/// that moving and copying is cheap.
struct EventRecord: Sendable {
  /// The kind of message that contained the event.
  enum Delivery: UInt8, Sendable {
    case event
    /// The message could not be processed and was moved to a dead-letter topic; it is not retried automatically.
    case parked
    /// The message could not be processed and will be retried later.
    case retried
  }

  static let noRule = EventRule.none
  static let noDetails = UInt32.max

  var time: Timestamp
  var origin: Origin
  var fingerprint: UInt64
  var message: MessageRef
  var type: Symbol
  var node: Symbol
  /// For a parked or retried message: the topic it was originally read from.
  var originalTopic = Symbol.none
  /// Index of its details in `SagaEvents`; `noDetails` if it has none.
  var details = noDetails
  /// Index of its rule among the definition's events; `noRule` if its type has none.
  var rule = noRule
  var delivery = Delivery.event
  /// `time` is the time when it was read; the event happened then or earlier.
  var isTimeOfReading = false

  var place: EventPlace { EventPlace(time: time, origin: origin, rule: rule, delivery: delivery) }

  /// The same message read twice, or the same event sent twice. Events of different types are never copies, even with equal ids, and a
  /// dead-letter message is not a copy of the event that it contains.
  func isSame(as other: EventRecord) -> Bool {
    if origin == other.origin { return true }
    return fingerprint != 0 && fingerprint == other.fingerprint && type == other.type && delivery == .event
      && other.delivery == .event
  }
}

/// The events of one saga in canonical order.
struct SagaEvents: Sendable {
  private(set) var records: [EventRecord] = []
  private var details: [EventDetails] = []
  /// Some events are not stored.
  var isCut = false

  var count: Int { records.count }

  func details(of record: EventRecord) -> EventDetails? {
    record.details == EventRecord.noDetails ? nil : details[Int(record.details)]
  }

  /// Inserts the event at its position. If a copy exists, the earlier of the two is stored. Returns the index of the first changed event;
  /// `nil` if nothing changed.
  mutating func insert(_ record: EventRecord, _ more: EventDetails?, _ order: EventOrder) -> Int? {
    var place = records.count
    if let known = records.lastIndex(where: { $0.isSame(as: record) }) {
      guard order.precedes(record, records[known]) else { return nil }
      records.remove(at: known)
      place = known
    }
    while place > 0, order.precedes(record, records[place - 1]) { place -= 1 }
    var record = record
    record.details = EventRecord.noDetails
    if let more {
      record.details = UInt32(details.count)
      details.append(more)
    }
    makeRoom()
    if place == records.count { records.append(record) } else { records.insert(record, at: place) }
    return place
  }

  /// Grows to 3, 5, 8, 12 and so on: there are many sagas, and most have only a few events.
  private mutating func makeRoom() {
    guard records.count == records.capacity else { return }
    records.reserveCapacity(max(3, records.count + (records.count + 1) / 2))
  }

  /// Number of events that share their id with an event of another type.
  var sharedIDs: Int {
    var types: [UInt64: Symbol] = [:]
    var shared: Set<UInt64> = []
    for record in records where record.fingerprint != 0 && record.delivery == .event {
      if let known = types[record.fingerprint], known != record.type { shared.insert(record.fingerprint) }
      types[record.fingerprint] = record.type
    }
    return shared.isEmpty ? 0 : records.count { shared.contains($0.fingerprint) && $0.delivery == .event }
  }

  /// The events up to and including `instant`.
  func cut(at instant: Timestamp) -> SagaEvents {
    var cut = self
    if records.contains(where: { $0.time > instant }) { cut.records = records.filter { $0.time <= instant } }
    return cut
  }

  mutating func remove(at place: Int) { records.remove(at: place) }

  mutating func removeFirst(_ count: Int) { records.removeFirst(min(count, records.count)) }
}

/// The position of an event in the canonical order.
struct EventPlace: Sendable {
  var time: Timestamp
  var origin: Origin
  var rule: UInt16
  var delivery: EventRecord.Delivery
}

/// The canonical order of a saga's events: by time, then by values that are equal for all readers. Symbol numbers are not: they depend on
/// the order of reading.
struct EventOrder {
  let symbols: SymbolTable

  func precedes(_ left: EventRecord, _ right: EventRecord) -> Bool {
    left.time != right.time ? left.time < right.time : precedes(left.place, right.place)
  }

  func precedes(_ left: EventPlace, _ right: EventPlace) -> Bool {
    if left.time != right.time { return left.time < right.time }
    if left.delivery != right.delivery { return left.delivery.rawValue < right.delivery.rawValue }
    if left.rule != right.rule { return left.rule < right.rule }
    if left.origin.topic != right.origin.topic {
      return symbols.text(left.origin.topic) < symbols.text(right.origin.topic)
    }
    if left.origin.partition != right.origin.partition { return left.origin.partition < right.origin.partition }
    return left.origin.offset < right.origin.offset
  }
}
