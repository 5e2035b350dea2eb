/// What time alone changes: sagas become stuck, ended ones are forgotten.
extension StoreState {
  /// A saga is only called late up to the instant until which its events are known to have been read: while a source is still
  /// reading what was there, or is silent, its sagas are not judged by the world's clock.
  func judgedUntil(_ now: Timestamp) -> Timestamp {
    sources.values.reduce(now) { instant, source in
      guard source.carriesEvents else { return instant }
      guard source.isComplete else { return .distantPast }
      return source.isCurrent(at: now) ? instant : min(instant, source.lastSuccess ?? .distantPast)
    }
  }

  /// How much one call of `advance` changes at most, so that it keeps the lock short when much is due at once.
  static let advancedAtOnce = 1000

  /// Brings everything up to `now`. Returns false when more is due than one call does.
  @discardableResult
  mutating func advance(to now: Timestamp) -> Bool {
    deriveChanged()
    let isJudged = judge(until: judgedUntil(now))
    // Before everything is read, a saga may look ended whose other events are still to come.
    let isForgotten = !hasReadEvents || forget(olderThan: now - limits.retention, at: now)
    keepBound(at: now)
    return isJudged && isForgotten
  }

  private mutating func judge(until judged: Timestamp) -> Bool {
    for _ in 0..<Self.advancedAtOnce {
      guard let entry = deadlines.pop(dueAt: judged) else { return true }
      guard let saga = saga(entry.saga), saga.awaitedAt == entry.due else { continue }
      saga.awaitedAt = nil
      guard saga.summary.status.isActive, !saga.summary.flags.contains(.stuck) else { continue }
      if due(saga) > judged { watchDeadline(of: saga) } else { markStuck(saga) }
    }
    return false
  }

  /// Makes sure that the saga is looked at when its deadline is over. Mostly it waits in the queue once: when it comes up and has
  /// moved since, it is put back. Only a step that is due sooner than the one before it is queued beside it.
  mutating func watchDeadline(of saga: Saga) {
    // Where no event was a progress, there is nothing from which a deadline could run.
    guard !saga.summary.flags.contains(.stuck), saga.summary.progressAt > .distantPast else { return }
    let due = due(saga)
    if let awaited = saga.awaitedAt, awaited <= due { return }
    saga.awaitedAt = due
    deadlines.push(.init(due: due, saga: saga.handle))
    if deadlines.count > 2 * sagaCount + Self.advancedAtOnce {
      deadlines.keep { [slots] entry in
        let saga = slots[Int(entry.saga.slot)]
        return saga?.handle == entry.saga && saga?.awaitedAt == entry.due
      }
    }
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

  /// Drops ended sagas whose last event is older than `instant`. Returns false when there are more than one call drops.
  private mutating func forget(olderThan instant: Timestamp, at now: Timestamp) -> Bool {
    for _ in 0..<Self.advancedAtOnce {
      let ended = [oldest(of: .completed), oldest(of: .compensated)].compactMap { $0 }
      guard let saga = ended.first(where: { $0.summary.updatedAt < instant }) else { return true }
      drop(saga, at: now)
    }
    return false
  }

  private mutating func keepBound(at now: Timestamp) {
    while sagaCount > limits.maxSagas, let saga = leastNeeded { drop(saga, at: now) }
  }

  private var leastNeeded: Saga? {
    // Of the ended ones the oldest, however it ended: else the share of those that completed would fall with every one that goes.
    let ended = [oldest(of: .completed), oldest(of: .compensated)].compactMap { $0 }
    return ended.min { $0.summary.updatedAt < $1.summary.updatedAt }
      ?? [.running, .compensating, .stuck, .failed].lazy.compactMap { oldest(of: $0) }.first
  }

  private func oldest(of bucket: SagaBucket) -> Saga? { lists.oldest(of: bucket).flatMap { slots[Int($0)] } }

  private mutating func drop(_ saga: Saga, at now: Timestamp) {
    let lastEvent = min(saga.summary.updatedAt, now)
    for key in saga.keys { departed.add(key, definition: saga.definition, lastEvent: lastEvent) }
    statistics[saga.definition].forget(saga.summary)
    total.forget(saga.summary)
    forgetRollBack(of: saga)
    if saga.summary.status.isActive { activity[saga.definition].leave(saga.summary.step) }
    forgetFailures(of: saga)
    nodes.forget(saga.works)
    evicted += 1
    removeSaga(saga)
  }
}
