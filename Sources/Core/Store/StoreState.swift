/// All that is known, and the rules by which it changes. Not safe on several threads: `Store` guards it.
struct StoreState {
  let symbols: SymbolTable
  let limits: StoreLimits
  let definitions: [CompiledDefinition]
  var folds: [SagaFold]
  var slots: [Saga?] = []
  var freeSlots: [Int32] = []
  var nextGeneration: UInt32 = 1
  /// Sagas that are to be derived anew.
  var changed: [SagaHandle] = []
  /// Per definition.
  var sagasByKey: [[SagaKey: Int32]]
  var family = SagaTree()
  var lists = SagaBuckets()
  var deadlines = DeadlineQueue()
  var statistics: [TypeStatistics]
  var total = TypeStatistics()
  var stepDeadlines: [StepDeadlines]
  /// Per definition.
  var activity: [StepActivity]
  var messages: MessageStore
  var recent: RecentEvents
  var lag: LagState
  var locks: LockState
  let lockLinks: LockLinks
  var services: ServiceState
  var failures = FailurePatterns()
  var nodes = NodeState()
  /// Scratch space: folding allocates nothing for it once it is warm.
  var worksAtHand: [NodeWork] = []
  var rollBacks = CompensationState()
  /// The time of the earliest event.
  var historyStart: Timestamp?
  var actions: ActionState
  var undecoded = UndecodedCounts()
  var unreadable = UnreadableMessages()
  var sources: [String: SourceStatus] = [:]
  var received = 0
  var evicted = 0
  var departed: EvictedSagas
  /// Events of sagas that had been let go already.
  var late = 0

  init(
    _ system: SystemDefinition, context: String, limits: StoreLimits, lagRules: LagRules,
    services: [ServiceDefinition] = [], symbols: SymbolTable
  ) {
    actions = ActionState(context: context)
    self.symbols = symbols
    self.limits = limits
    definitions = system.sagas.map { CompiledDefinition($0, symbols: symbols) }
    folds = definitions.map { SagaFold($0) }
    sagasByKey = definitions.map { _ in [:] }
    statistics = definitions.map { _ in TypeStatistics() }
    stepDeadlines = definitions.map { _ in StepDeadlines() }
    activity = definitions.map { _ in StepActivity() }
    messages = MessageStore(bytes: limits.messageBytes)
    departed = EvictedSagas(capacity: max(10_000, limits.maxSagas))
    recent = RecentEvents(capacity: limits.recentEvents)
    locks = LockState(definitions: system.locks, counted: system.counts)
    lockLinks = LockLinks(system)
    lag = LagState(
      symbols: symbols, rules: lagRules,
      topics: Set(system.sagas.flatMap(\.steps).compactMap { $0.topic.map(symbols.symbol) }))
    self.services = ServiceState(services)
  }

  var sortedSources: [SourceStatus] { sources.values.sorted { $0.name < $1.name } }

  func isComplete(at now: Timestamp) -> Bool { !sources.isEmpty && sources.values.allSatisfy { $0.isWhole(at: now) } }

  /// What a source of this kind tells is true of now; also where nobody tells how the source is.
  func isCurrent(_ kind: SourceKind, at now: Timestamp) -> Bool {
    sources.values.allSatisfy { SourceKind(source: $0.name) != kind || $0.isCurrent(at: now) }
  }

  /// Every source of events has been read in full and still answers.
  func hasAllEvents(at now: Timestamp) -> Bool {
    sources.values.allSatisfy { !$0.carriesEvents || $0.isWhole(at: now) }
  }

  /// Readings are successes, too: a status may come later than they do.
  mutating func noteSuccess(of source: String, at time: Timestamp) {
    guard let last = sources[source]?.lastSuccess, last < time else { return }
    sources[source]?.lastSuccess = time
  }

  /// Every source of events has read what was there at the start.
  var hasReadEvents: Bool { sources.values.allSatisfy { $0.isComplete || !$0.carriesEvents } }

  mutating func note(_ status: SourceStatus) {
    let hadRead = hasReadEvents
    sources[status.name] = status
    if !hadRead, hasReadEvents { orderListsByTime() }
  }

  var sagaCount: Int { slots.count - freeSlots.count }

  func saga(_ handle: SagaHandle) -> Saga? {
    guard slots.indices.contains(Int(handle.slot)), let saga = slots[Int(handle.slot)] else { return nil }
    return saga.handle == handle ? saga : nil
  }

  mutating func makeSaga(definition: Int, keys: [SagaKey]) -> Saga {
    let slot = freeSlots.popLast() ?? Int32(slots.count)
    if Int(slot) == slots.count { slots.append(nil) }
    let saga = Saga(definition: definition, handle: SagaHandle(slot: slot, generation: nextGeneration), keys: [])
    nextGeneration &+= 1
    slots[Int(slot)] = saga
    adopt(keys, by: saga)
    return saga
  }

  /// From now on the ids name this saga, as far as it can have more of them.
  mutating func adopt(_ keys: [SagaKey], by saga: Saga) {
    for key in saga.add(keys) { sagasByKey[saga.definition][key] = saga.handle.slot }
  }

  /// Frees the saga's place; its ids name nothing any more unless another saga took them.
  mutating func removeSaga(_ saga: Saga) {
    let slot = saga.handle.slot
    for key in saga.keys where sagasByKey[saga.definition][key] == slot { sagasByKey[saga.definition][key] = nil }
    lists.remove(slot)
    family.leave(slot, parent: saga.parent)
    slots[Int(slot)] = nil
    freeSlots.append(slot)
  }
}
