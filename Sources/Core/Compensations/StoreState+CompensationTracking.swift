/// Sums of compensations follow the sagas: each saga remembers what was counted for each of its rounds.
extension StoreState {
  /// Brings the sums up to date with the saga as it was just folded, and its failures counted.
  mutating func countRollBack(of saga: Saga) {
    let isNeeded =
      saga.summary.isRolledBack || saga.rollBack != nil || !saga.earlier.isEmpty || !saga.earlierRollBacks.isEmpty
    guard isNeeded else { return }
    let state = sagas.folds[saga.definition].state
    if saga.summary.isRolledBack || saga.rollBack != nil {
      let found = saga.summary.isRolledBack ? rollBack(of: state.round, saga) : nil
      if found != saga.rollBack {
        if let known = saga.rollBack { rollBacks.takeBack(known) }
        if let found { rollBacks.add(found) }
        saga.rollBack = found
      }
    }
    guard !state.earlier.isEmpty || !saga.earlierRollBacks.isEmpty else { return }
    let found = state.earlier.filter(\.summary.isRolledBack).map { rollBack(of: $0, saga) }
    guard found != saga.earlierRollBacks else { return }
    for known in saga.earlierRollBacks { rollBacks.takeBack(known) }
    for rollBack in found { rollBacks.add(rollBack) }
    saga.earlierRollBacks = found
    if found.isEmpty { sagas.renewed.remove(saga.handle.slot) } else { sagas.renewed.insert(saga.handle.slot) }
  }

  mutating func takeBackRollBack(of saga: Saga) {
    for known in saga.rollBacks { rollBacks.takeBack(known) }
    (saga.rollBack, saga.earlierRollBacks) = (nil, [])
  }

  mutating func forgetRollBack(of saga: Saga) {
    for known in saga.rollBacks { rollBacks.forget(known) }
    (saga.rollBack, saga.earlierRollBacks) = (nil, [])
  }

  private func rollBack(of round: SagaRound, _ saga: Saga) -> Compensation {
    let failed = round.failedStep.flatMap { round.steps[$0].attempts.last { $0.hasFailed } }
    let own = saga.failures.filter { $0.failure.time >= round.startedAt && $0.failure.time <= round.updatedAt }
    let mark = own.first { $0.failure.step == round.summary.failedStep } ?? own.first
    return Compensation(
      definition: saga.definition, round: round.number, outcome: round.summary.status,
      startedAt: round.compensationStartedAt ?? round.progressAt ?? round.startedAt, endedAt: round.summary.endedAt,
      step: round.summary.failedStep, node: failed?.node ?? .none,
      error: mark.flatMap { failures.pattern($0.pattern)?.text }, product: round.product)
  }
}

extension Saga {
  var rollBacks: [Compensation] { earlierRollBacks + (rollBack.map { [$0] } ?? []) }
}
