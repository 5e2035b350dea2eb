/// The canonical order of a saga's events: by time, and between events of one instant by what is the same for every reader.
/// Symbols' numbers are not: they depend on what was read first.
struct EventOrder {
  let symbols: SymbolTable

  func precedes(_ left: EventRecord, _ right: EventRecord) -> Bool {
    if left.time != right.time { return left.time < right.time }
    if left.rule != right.rule { return left.rule < right.rule }
    if left.origin.topic != right.origin.topic {
      return symbols.text(left.origin.topic) < symbols.text(right.origin.topic)
    }
    if left.origin.partition != right.origin.partition { return left.origin.partition < right.origin.partition }
    return left.origin.offset < right.origin.offset
  }

  /// Puts `event` in its place. When it is already there as a copy, the earlier of the two stays.
  /// Returns whether anything changed.
  func insert(_ event: EventRecord, into events: inout [EventRecord]) -> Bool {
    if let known = events.firstIndex(where: { $0.isSame(as: event) }) {
      guard precedes(event, events[known]) else { return false }
      events.remove(at: known)
    }
    var place = events.count
    while place > 0, precedes(event, events[place - 1]) { place -= 1 }
    events.insert(event, at: place)
    return true
  }
}
