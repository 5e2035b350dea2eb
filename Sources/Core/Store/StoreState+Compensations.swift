/// The history of roll-backs.
extension StoreState {
  mutating func compensations(limit: Int) -> [CompensationView] {
    var found: [Saga] = []
    var examined = 0
    lists.walk { slot in
      examined += 1
      if let saga = slots[Int(slot)], isRolledBack(saga.summary) { found.append(saga) }
      return found.count < limit && examined < Self.examinedAtMost
    }
    return found.map { compensation($0) }
  }

  private func isRolledBack(_ summary: SagaSummary) -> Bool {
    summary.status == .compensating || summary.status == .compensated || summary.status == .failed
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
