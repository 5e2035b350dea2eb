import Core

/// Whether a saga has moved as an action expects, against what was seen of it when the action was sent.
struct ExpectationCheck: Sendable {
  let expectation: ActionDefinition.Expectation
  private let known: Set<Place>

  /// Where a message lies.
  struct Place: Hashable, Sendable {
    var topic: String
    var partition: Int32
    var offset: Int64
  }

  init(_ expectation: ActionDefinition.Expectation, before saga: SagaView) {
    self.expectation = expectation
    known = Set(saga.events.map(\.place))
  }

  /// `isOwn` tells which messages the action itself published: they are no answer.
  func isMet(by saga: SagaView, isOwn: (EventRow) -> Bool) -> Bool {
    let news = saga.events.filter { !known.contains($0.place) && !isOwn($0) }
    if expectation.events.isEmpty, expectation.statuses.isEmpty { return !news.isEmpty }
    if news.contains(where: { expectation.events.contains($0.type) }) { return true }
    return expectation.statuses.contains(saga.row.status) && !news.isEmpty
  }
}

extension EventRow {
  var place: ExpectationCheck.Place { .init(topic: topic, partition: partition, offset: offset) }
}

extension Store {
  /// Whether an action published the event, by the key that it carries.
  func carries(_ event: EventRow, key: String) -> Bool {
    let headers = message(event.message)?.headers ?? []
    return headers.contains { $0.name.lowercased() == PreparedRequest.keyHeader.lowercased() && $0.value == key }
  }
}
