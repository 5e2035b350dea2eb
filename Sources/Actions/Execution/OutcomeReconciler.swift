import Core

/// Finds missing outcomes in the saga's events, for actions of sessions that ended before the outcome was known.
struct OutcomeReconciler {
  /// An outcome is recorded slightly after its time.
  private static let grace = Duration.seconds(15)
  /// Maximum number of records; the latest are checked.
  private static let most = 500

  let settings: ActionSettings
  let store: Store

  /// Returns the records that are observed or have failed again, with that outcome as their last stage. Empty until the store has read
  /// all events: a missing event proves nothing before.
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

  /// The outcome shown by the saga's events within `window`. An arbitrary new event is not enough to prove success.
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
  /// Whether the final outcome is still open.
  fileprivate var isUndecided: Bool {
    switch outcome {
    case .intended, .sent, .unknown, .accepted: true
    case .refused, .observed, .notObserved, .failedAgain, .skipped, .cancelled: false
    }
  }
}
