/// The canonical order of a saga's events: by time, and between events of one instant by what is the same for every reader.
/// Symbols' numbers are not: they depend on what was read first.
struct EventOrder {
  let symbols: SymbolTable

  func precedes(_ left: EventRecord, _ right: EventRecord) -> Bool {
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
