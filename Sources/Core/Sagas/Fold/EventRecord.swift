/// What a saga keeps of one of its events. A saga's state is a function of the set of these and of nothing else.
/// It holds no references, so that moving and copying one costs nothing but its bytes.
struct EventRecord: Sendable {
  /// What kind of message told it.
  enum Delivery: UInt8, Sendable {
    case event
    /// The message could not be handled and was put aside; nobody tries it again by itself.
    case parked
    /// The message could not be handled and is tried again later.
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
  /// Of a parked or retried message: the topic that it was read from.
  var originalTopic = Symbol.none
  /// The place of its details in `SagaEvents`; `noDetails` when it has none.
  var details = noDetails
  /// The position of its rule among the definition's events; `noRule` when its type has none.
  var rule = noRule
  var delivery = Delivery.event
  /// Its time is when it was read: it happened then or before.
  var isTimeOfReading = false

  var place: EventPlace { EventPlace(time: time, origin: origin, rule: rule, delivery: delivery) }

  /// The same message read twice, or the same event sent twice. Events of different types are never copies, whatever ids they carry,
  /// and neither is a message that was put aside a copy of the event that it holds.
  func isSame(as other: EventRecord) -> Bool {
    if origin == other.origin { return true }
    return fingerprint != 0 && fingerprint == other.fingerprint && type == other.type && delivery == .event
      && other.delivery == .event
  }
}

/// The events of one saga in their canonical order.
struct SagaEvents: Sendable {
  private(set) var records: [EventRecord] = []
  private var details: [EventDetails] = []
  /// Some events are not kept.
  var isCut = false

  var count: Int { records.count }

  func details(of record: EventRecord) -> EventDetails? {
    record.details == EventRecord.noDetails ? nil : details[Int(record.details)]
  }

  /// Puts the event in its place. When it is already there as a copy, the earlier of the two stays.
  /// Returns the place from which on the events have changed; `nil` when nothing has.
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

  /// For 3, 5, 8, 12 and so on: there are many sagas, and most have a handful of events.
  private mutating func makeRoom() {
    guard records.count == records.capacity else { return }
    records.reserveCapacity(max(3, records.count + (records.count + 1) / 2))
  }

  /// Events that carry the id of an event of another type.
  var sharedIDs: Int {
    var types: [UInt64: Symbol] = [:]
    var shared: Set<UInt64> = []
    for record in records where record.fingerprint != 0 && record.delivery == .event {
      if let known = types[record.fingerprint], known != record.type { shared.insert(record.fingerprint) }
      types[record.fingerprint] = record.type
    }
    return shared.isEmpty ? 0 : records.count { shared.contains($0.fingerprint) && $0.delivery == .event }
  }

  /// Those that had happened by then.
  func cut(at instant: Timestamp) -> SagaEvents {
    var cut = self
    if records.contains(where: { $0.time > instant }) { cut.records = records.filter { $0.time <= instant } }
    return cut
  }

  mutating func remove(at place: Int) { records.remove(at: place) }

  mutating func removeFirst(_ count: Int) { records.removeFirst(min(count, records.count)) }
}

/// Where an event stands in the canonical order.
struct EventPlace: Sendable {
  var time: Timestamp
  var origin: Origin
  var rule: UInt16
  var delivery: EventRecord.Delivery
}

/// The canonical order of a saga's events: by time, and between events of one instant by what is the same for every reader.
/// Symbols' numbers are not: they depend on what was read first.
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
