import Core

/// Decides actions whose session ended before their outcome was known: searches the saga's events once no session watches them.
struct OutcomeReconciler {
  /// An outcome is written a little after its time.
  private static let grace = Duration.seconds(15)
  /// Of the latest.
  private static let most = 500

  let settings: ActionSettings
  let store: Store

  /// Those of the records that turn out to be observed, or to have failed again, with that as their last stage. Empty while the store has
  /// not read everything: what is not there yet says nothing.
  func settled(among records: [ActionRecord]) -> [ActionRecord] {
    guard store.sources.allSatisfy({ !$0.carriesEvents || $0.isSettled }) else { return [] }
    return records.suffix(Self.most).compactMap(settled)
  }

  private func settled(_ record: ActionRecord) -> ActionRecord? {
    guard record.context == settings.context, record.action.scope == .saga, record.isUndecided,
      let action = settings.definition(of: record.action, type: record.type)
    else { return nil }
    let window = record.intendedAt...(record.intendedAt + action.timeout + action.expectation.within)
    guard settings.now() - window.upperBound > Self.grace,
      let saga = store.find(id: record.subject, type: record.type).first.flatMap({ store.saga($0, now: settings.now()) }
      ),
      let outcome = outcome(action.expectation, saga, window, record)
    else { return nil }
    var record = record
    record.stages.append(.init(time: settings.now(), outcome: outcome))
    return record
  }

  /// What the saga did within the time in which it counts. Any new event is too little to tell success by.
  private func outcome(
    _ expectation: ActionDefinition.Expectation, _ saga: SagaView, _ window: ClosedRange<Timestamp>,
    _ record: ActionRecord
  ) -> ActionOutcome? {
    let check = ExpectationCheck(expectation, record.action)
    let verdict = check.verdict(on: saga, since: window.lowerBound, until: window.upperBound) {
      store.carries($0, key: record.idempotencyKey)
    }
    switch verdict {
    case .open: return nil
    case .failedAgain(let error): return .failedAgain(error)
    case .met:
      guard !expectation.events.isEmpty || window.contains(saga.row.updatedAt) && !expectation.statuses.isEmpty else {
        return nil
      }
      let event = saga.events.first {
        window.contains($0.time) && (expectation.events.isEmpty || expectation.events.contains($0.type))
      }
      return .observed(after: max(.zero, (event?.time ?? saga.row.updatedAt) - record.intendedAt))
    }
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
