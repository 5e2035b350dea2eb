/// What time alone changes: sagas become stuck, ended ones are forgotten.
extension StoreState {
  /// A saga is only called late up to the instant until which its events are known to have been read: while a source is still
  /// reading what was there, or is silent, its sagas are not judged by the world's clock.
  func judgedUntil(_ now: Timestamp) -> Timestamp {
    sources.values.reduce(now) { instant, source in
      guard source.isComplete else { return .distantPast }
      return source.phase == .down ? min(instant, source.lastSuccess ?? .distantPast) : instant
    }
  }

  mutating func advance(to now: Timestamp) {
    let judged = judgedUntil(now)
    while let entry = deadlines.pop(dueAt: judged) {
      guard let saga = saga(entry.saga) else { continue }
      saga.isAwaited = false
      guard saga.summary.status.isActive, !saga.summary.flags.contains(.stuck) else { continue }
      if due(saga) > judged { watchDeadline(of: saga) } else { markStuck(saga) }
    }
    forget(olderThan: now - limits.retention)
  }

  /// Makes sure that the saga is looked at when its deadline is over. A saga waits in the queue once: when it comes up and has
  /// moved since, it is put back.
  mutating func watchDeadline(of saga: Saga) {
    guard !saga.isAwaited, !saga.summary.flags.contains(.stuck) else { return }
    saga.isAwaited = true
    deadlines.push(.init(due: due(saga), saga: saga.handle))
  }

  func deadline(of saga: Saga) -> Duration {
    let definition = definitions[saga.definition]
    if saga.summary.status == .compensating {
      return definition.definition.compensationDeadline ?? StepDeadlines.unlearned
    }
    return stepDeadlines[saga.definition].deadline(of: saga.summary.step, in: definition)
  }

  private func due(_ saga: Saga) -> Timestamp { saga.summary.progressAt + deadline(of: saga) }

  private mutating func markStuck(_ saga: Saga) {
    statistics[saga.definition].remove(saga.summary)
    total.remove(saga.summary)
    saga.summary.flags.insert(.stuck)
    statistics[saga.definition].add(saga.summary)
    total.add(saga.summary)
    lists.move(saga.handle.slot, to: SagaBucket(saga.summary))
  }

  /// Drops ended sagas whose last event is older than the retention, then the oldest of all until the bound is kept.
  mutating func forget(olderThan instant: Timestamp) {
    for bucket in [SagaBucket.completed, .compensated] {
      while let slot = lists.oldest(of: bucket), let saga = slots[Int(slot)], saga.summary.updatedAt < instant {
        drop(saga)
      }
    }
    while sagaCount > limits.maxSagas, let saga = leastNeeded { drop(saga) }
  }

  private var leastNeeded: Saga? {
    let order: [SagaBucket] = [.completed, .compensated, .running, .compensating, .stuck, .failed]
    return order.lazy.compactMap { lists.oldest(of: $0) }.first.flatMap { slots[Int($0)] }
  }

  private mutating func drop(_ saga: Saga) {
    statistics[saga.definition].forget(saga.summary)
    total.forget(saga.summary)
    evicted += 1
    removeSaga(saga)
  }
}
