/// The history of roll-backs.
extension StoreState {
  mutating func compensations(limit: Int) -> [CompensationView] {
    var found: [Saga] = []
    for bucket in [SagaBucket.failed, .stuck, .compensating, .compensated] where found.count < limit {
      lists.walk(bucket) { slot in
        if let saga = slots[Int(slot)], saga.summary.isRolledBack { found.append(saga) }
        return found.count < limit
      }
    }
    return found.map { compensation($0) }
  }

  private mutating func compensation(_ saga: Saga) -> CompensationView {
    folds[saga.definition].run(saga.events)
    let fold = folds[saga.definition]
    let remaining = fold.steps.filter { $0.status == .compensating || $0.status == .compensationFailed }
    return CompensationView(
      saga: saga.handle, sagaID: saga.keys.first?.value ?? "", type: definitions[saga.definition].definition.type,
      failedStep: symbols.name(saga.summary.failedStep), error: saga.summary.error,
      undone: fold.undone.map { symbols.text(fold.storage[$0].step) },
      remaining: remaining.map { symbols.text($0.step) },
      startedAt: fold.progress.compensationStartedAt ?? saga.summary.progressAt, endedAt: saga.summary.endedAt,
      outcome: saga.summary.status)
  }
}

extension SagaSummary {
  fileprivate var isRolledBack: Bool { status == .compensating || status == .compensated || status == .failed }
}
