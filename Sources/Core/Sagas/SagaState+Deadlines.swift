/// What time alone changes: sagas become stuck, ended ones are dropped.
extension SagaState {
  /// How much one call changes at most, so that it keeps the lock short when much is due at once.
  static let changedAtOnce = 200

  /// Marks the sagas that are stuck at `judged`. Returns false when more are due than one call looks at.
  mutating func markStuck(at judged: Timestamp) -> Bool {
    for _ in 0..<Self.changedAtOnce {
      guard let entry = deadlines.pop(dueAt: judged) else { return true }
      guard let saga = self[entry.saga], saga.awaitedAt == entry.due else { continue }
      saga.awaitedAt = nil
      guard saga.summary.status.isActive, !saga.summary.flags.contains(.stuck) else { continue }
      guard let due = due(saga) else { continue }
      if due > judged { watchDeadline(of: saga) } else { markStuck(saga) }
    }
    return false
  }

  /// Makes sure that the saga is looked at when its deadline is over. Mostly it waits in the queue once: when it comes up and has
  /// moved since, it is put back. Only a step that is due sooner than the one before it is queued beside it.
  mutating func watchDeadline(of saga: Saga) {
    guard !saga.summary.flags.contains(.stuck), let due = due(saga) else { return }
    if let awaited = saga.awaitedAt, awaited <= due { return }
    saga.awaitedAt = due
    deadlines.push(.init(due: due, saga: saga.handle))
    if deadlines.count > 2 * count + Self.changedAtOnce {
      deadlines.keep { [slots] entry in
        let saga = slots[Int(entry.saga.slot)]
        return saga?.handle == entry.saga && saga?.awaitedAt == entry.due
      }
    }
  }

  /// How long the saga may be without progress; `nil` where there is no telling, as where no end of it is known, or where it
  /// waits for a person.
  func deadline(of saga: Saga) -> Duration? {
    guard saga.summary.progressAt != nil, !saga.summary.isOpenEnded else { return nil }
    let definition = definitions[saga.definition]
    if saga.summary.status == .compensating {
      return definition.definition.compensationDeadline ?? StepDeadlines.unlearned
    }
    return stepDeadlines[saga.definition].deadline(of: saga.summary.step, in: definition)
  }

  private func due(_ saga: Saga) -> Timestamp? {
    guard let start = saga.judgedFrom, let deadline = deadline(of: saga) else { return nil }
    return start + deadline
  }

  private mutating func markStuck(_ saga: Saga) {
    statistics[saga.definition].remove(saga.summary)
    saga.summary.flags.insert(.stuck)
    statistics[saga.definition].add(saga.summary)
    lists.move(saga.handle.slot, to: SagaBucket(saga.summary))
    troubles.update(saga)
  }

  /// The ended saga whose last event is the oldest, when that is older than `instant`.
  func ended(before instant: Timestamp) -> Saga? {
    oldestEnded.first { $0.summary.updatedAt < instant }
  }

  /// The saga that is dropped first when there are too many; `nil` while there are not.
  mutating func excess() -> Saga? {
    guard count > limits.maxSagas else { return nil }
    // What was found in the past is older than all that was known before.
    while nextPast < past.count {
      nextPast += 1
      if let saga = self[past[nextPast - 1]], saga.isPast, !saga.isChanged, !saga.summary.status.isActive {
        return saga
      }
    }
    return leastWanted
  }

  /// Of the ended ones the oldest, however it ended: else the share of those that completed would fall with every one that goes.
  private var leastWanted: Saga? {
    oldestEnded.min { $0.summary.updatedAt < $1.summary.updatedAt }
      ?? [.running, .compensating, .stuck, .failed].lazy.compactMap { oldest(of: $0) }.first
  }

  private var oldestEnded: [Saga] { SagaBucket.settled.compactMap { oldest(of: $0) } }

  private func oldest(of bucket: SagaBucket) -> Saga? { lists.oldest(of: bucket).flatMap { self[slot: $0] } }
}

/// Halves of sagas wait for the start.
extension SagaState {
  private static let longestHold = Duration.seconds(15)

  /// Whether the saga is not to be counted yet: its start may lie in a topic that has just appeared, together with ids that make two halves
  /// one. Where nothing says how far topics have been read, none waits.
  mutating func holds(_ saga: Saga, at now: Timestamp) -> Bool {
    if saga.isPast, !saga.isAdmitted { return true }
    guard readUntil != nil, !saga.isAdmitted, saga.summary.flags.contains(.incomplete) else { return false }
    if saga.heldSince == nil {
      saga.heldSince = now
      held.append(saga.handle)
    }
    return true
  }

  /// A slice of the past has been read: what it began is counted, the latest first.
  mutating func admitPast() {
    for saga in past.reversed().compactMap({ self[$0] }) where saga.isPast {
      saga.isPast = false
      deriveLater(saga)
    }
    past.removeAll()
    nextPast = 0
  }

  /// Has those counted that came before `readUntil`, or have waited for long enough.
  mutating func release(at now: Timestamp) {
    let count = held.firstIndex { isWaiting($0, at: now) } ?? held.count
    for handle in held.prefix(count) {
      guard let saga = self[handle], saga.heldSince != nil else { continue }
      saga.isAdmitted = true
      deriveLater(saga)
    }
    held.removeFirst(count)
  }

  private func isWaiting(_ handle: SagaHandle, at now: Timestamp) -> Bool {
    guard let since = self[handle]?.heldSince, let readUntil else { return false }
    return since >= readUntil && now - since <= Self.longestHold
  }
}
