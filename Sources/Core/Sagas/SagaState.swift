/// All retained sagas with their indexes, lists and sums. Not thread-safe: it belongs to a `StoreState`, which also counts shared data of
/// sagas (failures, works of nodes, compensations).
struct SagaState {
  let symbols: SymbolTable
  let limits: StoreLimits
  let definitions: [CompiledDefinition]
  /// Per definition: the workspace for deriving sagas.
  var folds: [SagaFold]
  var slots: [Saga?] = []
  var freeSlots: [Int32] = []
  private var nextGeneration: UInt32 = 1
  /// Sagas that must be derived again.
  private var changed: [SagaHandle] = []
  /// Per definition.
  private var indexes: [SagaIndex]
  /// Maps a merged saga to the saga it was merged into, while that is retained.
  var followers: [SagaHandle: SagaHandle] = [:]
  /// Maximum number of merges that are followed in a chain.
  private static let mostJoins = 100
  /// Slots of sagas with compensations in earlier rounds.
  var renewed: Set<Int32> = []
  var family = SagaTree()
  var lists = SagaBuckets()
  var troubles = TroubleIndex()
  var deadlines = DeadlineQueue()
  /// Per definition, as are the next two.
  var statistics: [TypeStatistics]
  var stepDeadlines: [StepDeadlines]
  var activity: [StepActivity]
  /// Sagas dropped because of `retention` or `maxSagas`.
  var evicted = 0
  /// Of these, the sagas that were still active or needed manual work.
  var evictedOpen = 0
  private(set) var departed: EvictedSagas
  /// Number of events of sagas that had already been dropped.
  var late = 0
  /// When the data being folded was received; `nil` if unknown.
  var clock: Timestamp?
  /// Maximum clock difference that is ignored.
  private static let clockTolerance = Duration.seconds(1)
  /// The events being folded are older than those folded before.
  var isReadingPast = false
  /// Sagas found in the slice of the past that is being read.
  var past: [SagaHandle] = []
  /// Index of the first of them that may have ended.
  var nextPast = 0
  /// The minimum of `SourceStatus.readUntil` of all sources.
  var readUntil: Timestamp?
  /// Sagas that wait for their start, in order of arrival.
  var held: [SagaHandle] = []

  init(_ sagas: [SagaDefinition], limits: StoreLimits, symbols: SymbolTable) {
    self.symbols = symbols
    self.limits = limits
    definitions = sagas.map { CompiledDefinition($0, symbols: symbols) }
    folds = definitions.map { SagaFold($0) }
    indexes = definitions.map { _ in SagaIndex() }
    statistics = definitions.map { _ in TypeStatistics() }
    stepDeadlines = definitions.map { _ in StepDeadlines() }
    activity = definitions.map { _ in StepActivity() }
    departed = EvictedSagas(capacity: max(10_000, limits.maxSagas))
  }

  var count: Int { slots.count - freeSlots.count }

  /// The saga with this handle, or the saga it was merged into.
  subscript(handle: SagaHandle) -> Saga? {
    if slots.indices.contains(Int(handle.slot)), let saga = slots[Int(handle.slot)], saga.handle == handle {
      return saga
    }
    var handle = handle
    for _ in 0..<Self.mostJoins {
      guard let next = followers[handle] else { break }
      handle = next
    }
    guard slots.indices.contains(Int(handle.slot)), let saga = slots[Int(handle.slot)] else { return nil }
    return saga.handle == handle ? saga : nil
  }

  subscript(slot slot: Int32) -> Saga? { slots[Int(slot)] }

  subscript(definition: Int, key: SagaKey) -> Saga? {
    let slot = indexes[definition].slot(of: indexes[definition].hash(of: key)) {
      slots[Int($0)].map { $0.isNamed(by: key) } ?? false
    }
    return slot.flatMap { slots[Int($0)] }
  }

  /// The sums of all types.
  var total: TypeStatistics {
    statistics.dropFirst().reduce(into: statistics.first ?? TypeStatistics()) { $0.merge($1) }
  }

  /// The sagas with this id, of one type or of any: in the order of the definitions and their identities, without duplicates.
  func find(id: String, type: String?) -> [SagaHandle] {
    var found: [SagaHandle] = []
    for (place, compiled) in definitions.enumerated() {
      guard type.map({ $0 == compiled.definition.type }) ?? true else { continue }
      for identity in compiled.definition.identities.indices {
        let key = SagaKey(identity: UInt8(clamping: identity), value: id)
        if let saga = self[place, key], !found.contains(saga.handle) { found.append(saga.handle) }
      }
    }
    return found.isEmpty ? find(trace: id, type: type) : found
  }

  /// The sagas with events of a trace. Reads every saga; only for operator input.
  private func find(trace text: String, type: String?) -> [SagaHandle] {
    guard text.utf8.count >= 16, let id = TraceID(header: text.utf8) else { return [] }
    return slots.compactMap { saga in
      guard let saga, type.map({ $0 == definitions[saga.definition].definition.type }) ?? true,
        saga.traces.contains(where: { $0.id == id })
      else { return nil }
      return saga.handle
    }
  }
}

/// Creates, merges and removes sagas.
extension SagaState {
  /// The saga with these ids, created if necessary. Sagas that turn out to be the same are merged; `absorbed` are the removed ones, with
  /// the data counted for them. `nil` if the event belongs to the past of a dropped saga.
  mutating func named(
    by link: SagaLink, definition: Int, time: Timestamp
  ) -> (saga: Saga, absorbed: [Saga])? {
    if link.hasOneKey {
      if let saga = self[definition, link.key] { return (saga, []) }
      guard !departed.covers([link.key], definition: definition, time: time) else { return nil }
      return (make(definition: definition, keys: [link.key]), [])
    }
    let keys = [link.key] + link.otherKeys
    let known = keys.compactMap { self[definition, $0] }
    guard let first = known.first else {
      guard !departed.covers(keys, definition: definition, time: time) else { return nil }
      return (make(definition: definition, keys: keys), [])
    }
    var absorbed: [Saga] = []
    for other in known.dropFirst() where other !== first && slots[Int(other.handle.slot)] === other {
      merge(other, into: first)
      absorbed.append(other)
    }
    adopt(keys, by: first)
    return (first, absorbed)
  }

  private mutating func make(definition: Int, keys: [SagaKey]) -> Saga {
    let slot = freeSlots.popLast() ?? Int32(slots.count)
    if Int(slot) == slots.count { slots.append(nil) }
    let saga = Saga(definition: definition, handle: SagaHandle(slot: slot, generation: nextGeneration), key: keys[0])
    nextGeneration &+= 1
    slots[Int(slot)] = saga
    enter(keys[0], of: saga)
    if keys.count > 1 { adopt(keys, by: saga) }
    if isReadingPast {
      saga.isPast = true
      past.append(saga.handle)
    }
    return saga
  }

  /// Merges two parts that turn out to be one saga.
  private mutating func merge(_ other: Saga, into saga: Saga) {
    uncount(other)
    remove(other)
    followers[other.handle] = saga.handle
    saga.absorbed += other.absorbed + [other.handle]
    adopt(other.keys, by: saga)
    saga.droppedEvents += other.droppedEvents
    if other.events.isCut { saga.events.isCut = true }
    saga.copies += other.copies
    for trace in other.traces { saga.note(trace.id, at: trace.last) }
    if other.isAdmitted { saga.isAdmitted = true }
    saga.noteStart(of: other, EventOrder(symbols: symbols))
    for record in other.events.records { _ = insert(record, other.events.details(of: record), into: saga) }
    if let parent = other.parent { place(saga, below: parent) }
  }

  /// Assigns the ids to this saga, up to its maximum number of ids.
  private mutating func adopt(_ keys: [SagaKey], by saga: Saga) {
    for key in saga.add(keys) { enter(key, of: saga) }
  }

  mutating func enter(_ key: SagaKey, of saga: Saga) {
    indexes[saga.definition].insert(indexes[saga.definition].hash(of: key), slot: saga.handle.slot)
  }

  /// Frees the saga's slot and removes its ids, except those that another saga has taken over.
  private mutating func remove(_ saga: Saga) {
    let slot = saga.handle.slot
    for key in saga.keys {
      indexes[saga.definition].remove(indexes[saga.definition].hash(of: key), slot: slot)
    }
    lists.remove(slot)
    troubles.remove(slot)
    family.leave(slot, parent: saga.parent)
    renewed.remove(slot)
    slots[Int(slot)] = nil
    freeSlots.append(slot)
  }

  func noteStart(_ record: EventRecord, _ link: SagaLink, of saga: Saga) {
    guard record.delivery == .event, record.rule != EventRecord.noRule,
      definitions[saga.definition].rules[Int(record.rule)].startsSaga
    else { return }
    let key = link.otherKeys.reduce(link.key) { $1.identity < $0.identity ? $1 : $0 }
    saga.noteStart(record.place, key, EventOrder(symbols: symbols))
  }

  /// The smallest id is used, so that the result does not depend on the order of events.
  mutating func place(_ saga: Saga, below parent: String) {
    if let known = saga.parent, known <= parent { return }
    family.leave(saga.handle.slot, parent: saga.parent)
    saga.parent = parent
    family.enter(saga.handle.slot, parent: parent)
  }

  /// A saga with too many events accepts only events that end it, in place of one in the middle, because its start and end are the most
  /// informative. A saga with several rounds drops its oldest events instead. Returns whether anything changed.
  func insert(_ record: EventRecord, _ details: EventDetails?, into saga: Saga) -> Bool {
    let isFull = saga.events.count >= limits.maxEventsPerSaga
    if isFull, saga.events.records.contains(where: { $0.isSame(as: record) }) { return false }
    if isFull { saga.events.isCut = true }
    let isRenewed = !saga.summary.status.isActive && definitions[saga.definition].starts(record)
    if isFull, isRenewed || !saga.earlier.isEmpty {
      dropOldest(of: saga)
    } else if isFull {
      saga.droppedEvents += 1
      guard definitions[saga.definition].ends(record) else { return false }
    }
    guard let place = saga.events.insert(record, details, EventOrder(symbols: symbols)) else {
      if record.fingerprint != 0, !saga.events.records.contains(where: { $0.origin == record.origin }) {
        saga.copies += 1
      }
      return false
    }
    var changed = place
    if saga.events.count > limits.maxEventsPerSaga {
      saga.events.remove(at: limits.maxEventsPerSaga / 2)
      changed = min(changed, limits.maxEventsPerSaga / 2)
    }
    if let state = saga.state, changed < state.count { saga.state = nil }
    return true
  }

  private func dropOldest(of saga: Saga) {
    let count = max(1, limits.maxEventsPerSaga / 4)
    saga.events.removeFirst(count)
    saga.droppedEvents += count
    saga.state = nil
  }

  mutating func drop(_ saga: Saga, at now: Timestamp) {
    let lastEvent = min(saga.summary.updatedAt, now)
    for key in saga.keys { departed.add(key, definition: saga.definition, lastEvent: lastEvent) }
    for handle in saga.absorbed { followers[handle] = nil }
    if saga.isCounted {
      statistics[saga.definition].forget(saga.summary, earlier: saga.earlier)
      if saga.summary.status.isActive { activity[saga.definition].leave(saga.summary.step) }
    }
    evicted += 1
    if saga.isCounted, !SagaBucket.settled.contains(SagaBucket(saga.summary)) { evictedOpen += 1 }
    remove(saga)
  }
}

/// Derives and counts sagas.
extension SagaState {
  mutating func deriveLater(_ saga: Saga) {
    guard !saga.isChanged else { return }
    saga.isChanged = true
    changed.append(saga.handle)
  }

  /// Removes and returns the sagas to be derived, at most `limit`.
  mutating func takeChanged(atMost limit: Int) -> (sagas: [Saga], isLast: Bool) {
    let taken = changed.prefix(limit).compactMap { self[$0] }
    changed.removeFirst(min(limit, changed.count))
    for saga in taken { saga.isChanged = false }
    return (taken, changed.isEmpty)
  }

  /// Derives the saga from its events. The workspace of its definition contains the details until the next saga is derived. Values in sums
  /// are removed if they have changed.
  mutating func derive(_ saga: Saga) {
    let isNew = !saga.isCounted && saga.heldSince == nil
    let wasActive = isNew || saga.summary.status.isActive
    run(saga)
    let summary = summary(of: saga)
    let earlier =
      folds[saga.definition].state.earlier.isEmpty ? [] : folds[saga.definition].state.earlier.map(\.summary)
    let isOver = !summary.status.isActive
    let durations = isOver || !earlier.isEmpty ? folds[saga.definition].stepDurations() : []
    if saga.isCounted {
      let isSame =
        TypeStatistics.counts(saga.summary, as: summary) && saga.earlier == earlier && saga.stepDurations == durations
      if isSame { activity[saga.definition].move(saga.summary, to: summary) } else { uncount(saga) }
    }
    if saga.summary.progressAt != summary.progressAt { noteProgress(of: saga, at: summary.progressAt) }
    saga.summary = summary
    if !(earlier.isEmpty && saga.earlier.isEmpty) { saga.earlier = earlier }
    if !(durations.isEmpty && saga.stepDurations.isEmpty) { saga.stepDurations = durations }
    if wasActive, isOver { notePassages(of: saga) }
  }

  /// The summary from the workspace. A stuck saga remains stuck until it moves.
  private func summary(of saga: Saga) -> SagaSummary {
    var summary = folds[saga.definition].state.round.summary
    let wasStuck = saga.summary.flags.contains(.stuck) && saga.summary.progressAt == summary.progressAt
    if wasStuck, summary.status.isActive, !summary.isOpenEnded { summary.flags.insert(.stuck) }
    return summary
  }

  private func noteProgress(of saga: Saga, at time: Timestamp?) {
    saga.progressReadAt = clock.flatMap { read in time.map { $0 - read > Self.clockTolerance } == true ? read : nil }
  }

  /// Active sagas with fewer events are derived from all of them, which costs less than a stored state for each.
  private static let fewestKept = 12

  /// Sets the workspace to the saga's state, either by applying its new events or from the start. No state is stored for an ended saga,
  /// because it rarely gets more events.
  private mutating func run(_ saga: Saga) {
    let definition = saga.definition
    if let kept = saga.state {
      folds[definition].state = kept.state
      saga.state = nil
      folds[definition].apply(saga.events, from: kept.count)
    } else {
      folds[definition].run(saga.events)
    }
    guard saga.events.count >= Self.fewestKept, folds[definition].state.round.summary.status.isActive else { return }
    saga.state = KeptState(folds[definition].state, count: saga.events.count)
  }

  private mutating func notePassages(of saga: Saga) {
    folds[saga.definition].forEachPassage { [definition = saga.definition] step, duration, end in
      activity[definition].pass(step, duration, endedAt: end)
    }
  }

  /// Updates sums, lists and deadlines for a saga that was derived.
  mutating func count(_ saga: Saga) {
    if !saga.isCounted {
      statistics[saga.definition].add(saga.summary, earlier: saga.earlier)
      for duration in saga.stepDurations { stepDeadlines[saga.definition].add(duration) }
      if saga.summary.status.isActive { activity[saga.definition].enter(saga.summary.step) }
    }
    saga.isCounted = true
    saga.isAdmitted = true
    saga.heldSince = nil
    lists.move(saga.handle.slot, to: SagaBucket(saga.summary), isOldest: isReadingPast)
    troubles.update(saga, isOldest: isReadingPast)
    if saga.summary.status.isActive { watchDeadline(of: saga) }
  }

  private mutating func uncount(_ saga: Saga) {
    guard saga.isCounted else { return }
    statistics[saga.definition].remove(saga.summary, earlier: saga.earlier)
    for duration in saga.stepDurations { stepDeadlines[saga.definition].remove(duration) }
    if saga.summary.status.isActive { activity[saga.definition].leave(saga.summary.step) }
    saga.stepDurations = []
    saga.isCounted = false
  }
}

extension SagaFold {
  /// The durations of the completed steps of each ended round, if both start and end are known exactly. Mutating, as are all functions
  /// that access a workspace in place; otherwise it would be copied.
  fileprivate mutating func stepDurations() -> [StepDuration] {
    var durations: [StepDuration] = []
    for earlier in state.earlier { earlier.appendDurations(to: &durations) }
    if !state.round.summary.status.isActive { state.round.appendDurations(to: &durations) }
    return durations
  }

  /// The steps of the last round with a successful last attempt, with their durations and end times.
  fileprivate mutating func forEachPassage(_ body: (Symbol, Duration, Timestamp) -> Void) {
    // By index, as in the functions below: taking a step out copies it with all that it holds.
    for index in state.round.touched {
      guard let last = state.round.steps[index].attempts.indices.last,
        !state.round.steps[index].attempts[last].hasFailed,
        let end = state.round.steps[index].attempts[last].endedAt,
        let duration = state.round.steps[index].attempts[last].duration
      else { continue }
      body(state.round.steps[index].step, duration, end)
    }
  }
}

extension SagaRound {
  fileprivate func appendDurations(to durations: inout [StepDuration]) {
    for index in touched {
      guard let last = steps[index].attempts.indices.last, !steps[index].attempts[last].hasFailed,
        let nanoseconds = steps[index].attempts[last].nanoseconds
      else { continue }
      if durations.isEmpty { durations.reserveCapacity(touched.count) }
      durations.append(StepDuration(step: steps[index].step, nanoseconds: nanoseconds))
    }
  }
}
