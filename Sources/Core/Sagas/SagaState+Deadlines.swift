/// Changes caused by time alone: sagas become stuck, ended ones are dropped.
extension SagaState {
  /// Maximum number of changes per call, so that the lock is held only briefly.
  static let changedAtOnce = 200

  /// Marks the sagas that are stuck at `judged`. Returns `false` if more are due than one call handles.
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

  /// Ensures that the saga is checked at its deadline. Usually it is in the queue once: if it has moved when it comes up, it is queued
  /// again. Only a deadline earlier than the queued one adds a second entry.
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

  /// How long the saga may be without progress; `nil` if unknown, for example if no end of it is known or if it waits for a person.
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

  /// The ended saga with the oldest last event, if that is before `instant`.
  func ended(before instant: Timestamp) -> Saga? {
    oldestEnded.first { $0.summary.updatedAt < instant }
  }

  /// The saga to drop next if there are too many; `nil` if there are not.
  mutating func excess() -> Saga? {
    guard count > limits.maxSagas else { return nil }
    // Sagas found in the past are older than all sagas known before.
    while nextPast < past.count {
      nextPast += 1
      if let saga = self[past[nextPast - 1]], saga.isPast, !saga.isChanged, !saga.summary.status.isActive {
        return saga
      }
    }
    return leastWanted
  }

  /// The oldest ended saga, regardless of its outcome; otherwise the completion rate would change with every dropped saga.
  private var leastWanted: Saga? {
    oldestEnded.min { $0.summary.updatedAt < $1.summary.updatedAt }
      ?? [.running, .compensating, .stuck, .failed].lazy.compactMap { oldest(of: $0) }.first
  }

  private var oldestEnded: [Saga] { SagaBucket.settled.compactMap { oldest(of: $0) } }

  private func oldest(of bucket: SagaBucket) -> Saga? { lists.oldest(of: bucket).flatMap { self[slot: $0] } }
}

/// Parts of sagas wait for the start.
extension SagaState {
  private static let longestHold = Duration.seconds(15)

  /// Whether the saga must not be counted yet: its start may be in a topic that was just created, with ids that join two parts to one
  /// saga. If no source reports how far topics have been read, no saga waits.
  mutating func holds(_ saga: Saga, at now: Timestamp) -> Bool {
    if saga.isPast, !saga.isAdmitted { return true }
    guard readUntil != nil, !saga.isAdmitted, saga.summary.flags.contains(.incomplete) else { return false }
    if saga.heldSince == nil {
      saga.heldSince = now
      held.append(saga.handle)
    }
    return true
  }

  /// A slice of the past has been read: the sagas that started in it are counted, newest first.
  mutating func admitPast() {
    for saga in past.reversed().compactMap({ self[$0] }) where saga.isPast {
      saga.isPast = false
      deriveLater(saga)
    }
    past.removeAll()
    nextPast = 0
  }

  /// Counts the sagas that arrived before `readUntil` or have waited long enough.
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

/// How long a step may be without progress: as configured, else learned from its durations in ended sagas.
struct StepDeadlines {
  /// Minimum number of ended sagas before a deadline is learned.
  static let evidence = 20
  static let unlearned = Duration.seconds(30)
  static let least = Duration.seconds(10)

  /// Nothing is learned for further steps: their names may come from external input.
  private static let mostSteps = 1000

  /// Up to this number of steps a linear search is used instead of hashing: a saga has only a few steps.
  private static let few = 16

  private var names: [Symbol] = []
  private var places: [Symbol: Int] = [:]
  private var durations: [LogHistogram] = []

  mutating func add(_ duration: StepDuration) {
    guard let place = place(of: duration.step) ?? make(duration.step) else { return }
    durations[place].add(nanoseconds: duration.nanoseconds)
  }

  mutating func remove(_ duration: StepDuration) {
    if let place = place(of: duration.step) { durations[place].remove(nanoseconds: duration.nanoseconds) }
  }

  /// Durations of the step in ended sagas.
  func durations(of step: Symbol) -> LogHistogram? { place(of: step).map { durations[$0] } }

  private func place(of step: Symbol) -> Int? {
    if let place = names.firstIndex(of: step) { return place }
    return durations.count > Self.few ? places[step] : nil
  }

  private mutating func make(_ step: Symbol) -> Int? {
    guard durations.count < Self.mostSteps else { return nil }
    if names.count < Self.few { names.append(step) } else { places[step] = durations.count }
    durations.append(LogHistogram())
    return durations.count - 1
  }

  /// `nil` for a step that waits for a person, unless it has a configured deadline.
  func deadline(of step: Symbol, in definition: CompiledDefinition) -> Duration? {
    if let index = definition.steps.firstIndex(of: step) {
      let defined = definition.definition.steps[index]
      if defined.deadline != nil || defined.waitsForPerson { return defined.deadline }
    }
    guard let known = durations(of: step), known.count >= Self.evidence, let p99 = known.quantile(0.99) else {
      return Self.unlearned
    }
    return max(Self.least, p99 * 5)
  }
}
