/// All data, and the rules by which it changes. Not thread-safe: `Store` guards it.
struct StoreState {
  let symbols: SymbolTable
  let limits: StoreLimits
  var sagas: SagaState
  var messages: MessageStore
  var recent: RecentEvents
  var lag: LagState
  var locks: LockState
  let lockLinks: LockLinks
  var services: ServiceState
  var traces: TraceState
  var pods = PodState()
  var failures = FailurePatterns()
  var nodes = NodeState()
  /// Workspace that is reused, so that folding allocates no memory for it.
  var scratchWorks: [NodeWork] = []
  var rollBacks = CompensationState()
  /// The time of the earliest event.
  var historyStart: Timestamp?
  var actions: ActionState
  var undecoded = UndecodedCounts()
  var coverage = EventCoverage()
  var unreadable = UnreadableMessages()
  var sources: [String: SourceStatus] = [:]
  var changes = ChangeLog()
  /// As of the last sample of each source, for detecting changes.
  var troubledLocks: [LockKey: LockVerdict] = [:]
  var received = 0

  init(
    _ system: SystemDefinition, context: String, limits: StoreLimits, lagRules: LagRules,
    services: [ServiceDefinition] = [], traces: TraceRequests? = nil, symbols: SymbolTable
  ) {
    self.traces = TraceState(traces)
    actions = ActionState(context: context)
    self.symbols = symbols
    self.limits = limits
    sagas = SagaState(system.sagas, limits: limits, symbols: symbols)
    messages = MessageStore(bytes: limits.messageBytes)
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

  /// The existing messages of the topics have been read: there is a reader, and it is up to date.
  func isReadingWhole(at now: Timestamp) -> Bool {
    let readers = sources.values.filter { $0.kind == .kafka }
    return !readers.isEmpty && readers.allSatisfy { $0.isWhole(at: now) }
  }

  /// Whether the data of all sources of this kind is current; also `true` if there is no such source.
  func isCurrent(_ kind: SourceKind, at now: Timestamp) -> Bool {
    sources.values.allSatisfy { $0.kind != kind || $0.isCurrent(at: now) }
  }

  /// A sample is a success, too: it may arrive before the status.
  mutating func noteSuccess(of source: String, at time: Timestamp) {
    guard let last = sources[source]?.lastSuccess, last < time else { return }
    sources[source]?.lastSuccess = time
  }

  /// All event sources have read the data that existed at the start, including older events.
  var hasReadEvents: Bool { sources.values.allSatisfy { $0.isComplete && $0.hasWholeWindow || !$0.carriesEvents } }

  /// All event sources have read the newest data that existed at the start.
  private var hasReadPresent: Bool { sources.values.allSatisfy { $0.isComplete || !$0.carriesEvents } }

  mutating func note(_ status: SourceStatus) {
    let hadRead = (hasReadPresent, hasReadEvents)
    sources[status.name] = status
    sagas.readUntil = sources.values.compactMap(\.readUntil).min()
    if hadRead != (hasReadPresent, hasReadEvents), hasReadPresent { orderListsByTime() }
  }

  /// Sagas are judged late only up to the instant until which their events are known to have been read: while a source is catching up or
  /// silent, they are not judged by the present time.
  func judgedUntil(_ now: Timestamp) -> Timestamp {
    sources.values.reduce(now) { instant, source in
      guard source.carriesEvents else { return instant }
      guard source.isComplete else { return .distantPast }
      guard source.isCurrent(at: now) else { return min(instant, source.lastSuccess ?? .distantPast) }
      return min(instant, source.judgedUntil ?? instant)
    }
  }

  /// Updates everything to `now`. Returns `false` if more is due than one call handles.
  @discardableResult
  mutating func advance(to now: Timestamp) -> Bool {
    sagas.release(at: now)
    deriveChanged(at: now)
    let isJudged = sagas.markStuck(at: judgedUntil(now))
    // Before everything is read, a saga may appear to have ended although further events of it follow.
    let isForgotten = !hasReadEvents || dropEnded(before: now - limits.retention, at: now)
    while let saga = sagas.excess() { drop(saga, at: now) }
    return isJudged && isForgotten
  }

  /// Returns `false` if there are more than one call drops.
  private mutating func dropEnded(before instant: Timestamp, at now: Timestamp) -> Bool {
    for _ in 0..<SagaState.changedAtOnce {
      guard let saga = sagas.ended(before: instant) else { return true }
      drop(saga, at: now)
    }
    return false
  }

  private mutating func drop(_ saga: Saga, at now: Timestamp) {
    forgetRollBack(of: saga)
    forgetFailures(of: saga)
    nodes.forget(saga.works)
    sagas.drop(saga, at: now)
  }
}
