/// Sums of roll-backs follow the sagas: each saga remembers what was counted for it.
extension StoreState {
  /// Brings the sums up to date with the saga as it was just folded, and its failures counted.
  mutating func countRollBack(of saga: Saga) {
    guard saga.summary.isRolledBack || saga.rollBack != nil else { return }
    let rollBack = saga.summary.isRolledBack ? rollBack(of: saga) : nil
    guard rollBack != saga.rollBack else { return }
    takeBackRollBack(of: saga)
    if let rollBack { rollBacks.add(rollBack) }
    saga.rollBack = rollBack
  }

  mutating func takeBackRollBack(of saga: Saga) {
    if let known = saga.rollBack { rollBacks.takeBack(known) }
    saga.rollBack = nil
  }

  mutating func forgetRollBack(of saga: Saga) {
    if let known = saga.rollBack { rollBacks.forget(known) }
    saga.rollBack = nil
  }

  private func rollBack(of saga: Saga) -> Compensation {
    let fold = sagas.folds[saga.definition]
    let step = saga.summary.failedStep
    let failed = step.isNone ? nil : fold.steps.first { $0.step == step }?.attempts.last { $0.hasFailed }
    let mark = saga.failures.first { $0.failure.step == step } ?? saga.failures.first
    return Compensation(
      definition: saga.definition, outcome: saga.summary.status,
      startedAt: fold.progress.compensationStartedAt ?? saga.summary.progressAt, endedAt: saga.summary.endedAt,
      step: step, node: failed?.node ?? .none, error: mark.flatMap { failures.pattern($0.pattern)?.text },
      product: fold.progress.product)
  }
}
