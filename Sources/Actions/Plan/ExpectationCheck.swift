import Core

/// Whether a saga has moved as an action expects, against what was seen of it when the action was sent.
struct ExpectationCheck: Sendable {
  enum Verdict: Equatable {
    case open
    case met
    /// The saga failed again, with this error; empty where the event carries none.
    case failedAgain(String)
  }

  let expectation: ActionDefinition.Expectation
  private let action: ActionName
  private let known: Set<Place>

  /// Where a message lies.
  struct Place: Hashable, Sendable {
    var topic: String
    var partition: Int32
    var offset: Int64
  }

  /// `saga` is what was seen of it when the action was planned; `nil` where only the events' times tell.
  init(_ expectation: ActionDefinition.Expectation, _ action: ActionName, before saga: SagaView? = nil) {
    self.expectation = expectation
    self.action = action
    known = Set(saga?.events.map(\.place) ?? [])
  }

  /// Only events count that were not known at the plan and are not older than the intent by their own time. `isOwn` tells which
  /// messages the action itself published: they are no answer. `end` leaves out what came too late.
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

  /// A saga that is rolled back after a retry has failed once more; after a request to compensate that is what was wanted.
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

  /// By what its rule does to the saga.
  var isFailure: Bool {
    meaning.split(separator: ",").contains { part in
      let words = part.drop { $0 == " " }
      return words.hasPrefix("fails") || words == "ends failed"
    }
  }

  /// Publishers that tell whole seconds or milliseconds have cut off the rest.
  func isSince(_ intended: Timestamp) -> Bool {
    let (own, other) = (time.milliseconds, intended.milliseconds)
    return own >= other || own % 1000 == 0 && own / 1000 >= other / 1000
  }
}

extension Store {
  /// Whether an action published the event, by the key that it carries.
  func carries(_ event: EventRow, key: String) -> Bool {
    let headers = message(event.message)?.headers ?? []
    return headers.contains { $0.name.lowercased() == PreparedRequest.keyHeader.lowercased() && $0.value == key }
  }
}
