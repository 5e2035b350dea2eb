import Core

/// What a session sent and did not live to see the end of: it is looked for among the saga's events once nobody watches it any more.
struct OutcomeReconciler {
  /// An outcome is written a little after its time.
  private static let grace = Duration.seconds(15)
  /// Of the latest.
  private static let most = 500

  let settings: ActionSettings
  let store: Store

  /// Those of the records that turn out to be observed, with that as their last stage. Empty while the store has not read everything:
  /// what is not there yet says nothing.
  func observed(among records: [ActionRecord]) -> [ActionRecord] {
    guard store.sources.allSatisfy({ !$0.carriesEvents || $0.isSettled }) else { return [] }
    return records.suffix(Self.most).compactMap(observed)
  }

  private func observed(_ record: ActionRecord) -> ActionRecord? {
    guard record.context == settings.context, record.action.scope == .saga, record.isUndecided,
      let action = settings.definition(of: record.action, type: record.type)
    else { return nil }
    let window = record.intendedAt...(record.intendedAt + action.timeout + action.expectation.within)
    guard settings.now() - window.upperBound > Self.grace,
      let saga = store.find(id: record.subject, type: record.type).first.flatMap({ store.saga($0, now: settings.now()) }
      ),
      let time = time(action.expectation, saga, window, key: record.idempotencyKey)
    else { return nil }
    var record = record
    record.stages.append(.init(time: settings.now(), outcome: .observed(after: time - record.intendedAt)))
    return record
  }

  /// When the saga moved as expected, within the time in which that counts. Any new event is too little to tell it by.
  private func time(
    _ expectation: ActionDefinition.Expectation, _ saga: SagaView, _ window: ClosedRange<Timestamp>, key: String
  ) -> Timestamp? {
    let news = saga.events.filter { window.contains($0.time) && !store.carries($0, key: key) }
    if let event = news.first(where: { expectation.events.contains($0.type) }) { return event.time }
    let isThere = expectation.statuses.contains(saga.row.status) && window.contains(saga.row.updatedAt)
    return isThere ? news.last?.time : nil
  }
}

extension ActionRecord {
  /// Whether it worked is not known.
  fileprivate var isUndecided: Bool {
    switch outcome {
    case .intended, .sent, .unknown, .accepted: true
    case .refused, .observed, .notObserved, .failedAgain, .skipped, .cancelled: false
    }
  }
}
