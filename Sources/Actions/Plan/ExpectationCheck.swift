import Core

/// Checks whether a saga has changed as an action expects, compared with its events at planning time.
struct ExpectationCheck: Sendable {
  enum Verdict: Equatable {
    case open
    case met
    /// The saga failed again, with this error. Empty if the event carries none.
    case failedAgain(String)
  }

  let expectation: ActionDefinition.Expectation
  private let action: ActionName
  private let known: Set<Place>

  /// The position of a message.
  struct Place: Hashable, Sendable {
    var topic: String
    var partition: Int32
    var offset: Int64
  }

  /// `saga` is its state at planning time. If `nil`, only the times of the events are compared.
  init(_ expectation: ActionDefinition.Expectation, _ action: ActionName, before saga: SagaView? = nil) {
    self.expectation = expectation
    self.action = action
    known = Set(saga?.events.map(\.place) ?? [])
  }

  /// Considers only events that were unknown at planning time and have a timestamp not before the intent. `isOwn` identifies messages
  /// that the action itself published; they are ignored. Events after `end` are ignored.
  func verdict(
    on saga: SagaView, since intended: Timestamp, until end: Timestamp? = nil, isOwn: (EventRow) -> Bool
  ) -> Verdict {
    let news = saga.events.filter {
      !known.contains($0.place) && $0.isSince(intended) && $0.time <= end ?? $0.time && !isOwn($0)
    }
    if isMet(by: news, saga.row.status) { return .met }
    guard isUndone(saga.row.status), let failure = news.last(where: \.isFailure) else { return .open }
    return .failedAgain(failure.error ?? saga.row.error ?? "")
  }

  private func isMet(by news: [EventRow], _ status: SagaStatus) -> Bool {
    if expectation.events.isEmpty, expectation.statuses.isEmpty {
      return news.contains { !$0.isFailure } && !news.contains(where: \.isFailure)
    }
    if news.contains(where: { expectation.events.contains($0.type) }) { return true }
    return expectation.statuses.contains(status) && !news.isEmpty
  }

  /// A rollback after a retry means that the saga failed again. After a compensate action it is the expected result.
  private func isUndone(_ status: SagaStatus) -> Bool {
    switch status {
    case .failed: true
    case .compensating, .compensated, .declined: action == .retry
    default: false
    }
  }
}

extension EventRow {
  var place: ExpectationCheck.Place { .init(topic: topic, partition: partition, offset: offset) }

  /// Whether the event's rule makes the saga fail.
  var isFailure: Bool {
    meaning.split(separator: ",").contains { part in
      let words = part.drop { $0 == " " }
      return words.hasPrefix("fails") || words == "ends failed"
    }
  }

  /// Compares at the precision of the publisher, which may be whole seconds or milliseconds.
  func isSince(_ intended: Timestamp) -> Bool {
    let (own, other) = (time.milliseconds, intended.milliseconds)
    return own >= other || own % 1000 == 0 && own / 1000 >= other / 1000
  }
}

extension Store {
  /// Whether an action published the event, according to its idempotency key.
  func carries(_ event: EventRow, key: String) -> Bool {
    let headers = message(event.message)?.headers ?? []
    return headers.contains { $0.name.lowercased() == PreparedRequest.keyHeader.lowercased() && $0.value == key }
  }
}
