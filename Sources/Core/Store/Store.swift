import Synchronization

/// Owns all data about the watched system. Safe on any thread: collectors pass observations to it, screens and reports request views.
/// Unless stated otherwise, no call holds the lock for longer than folding a batch of events takes.
package final class Store: ObservationSink {
  /// Properties of the context, shown on every screen and in every report.
  package struct Context: Sendable {
    package var name: String
    package var isProtected: Bool
    package var isReadOnly: Bool
    /// The saga definitions were inferred from messages.
    package var isInferred: Bool
    /// How they were inferred; `nil` if unknown.
    package var inference: InferenceView?

    package init(
      name: String, isProtected: Bool = false, isReadOnly: Bool = false, isInferred: Bool = false,
      inference: InferenceView? = nil
    ) {
      self.inference = inference
      self.name = name
      self.isProtected = isProtected
      self.isReadOnly = isReadOnly
      self.isInferred = isInferred
    }
  }

  /// Maximum number of sagas diagnosed for a snapshot, worst first.
  private static let mostDiagnosed = 1000

  /// Events per hold of the lock, so that a hold takes well under a millisecond.
  private static let slice = 256

  /// Passes requests for traces to the source that fetches them; `nil` if no trace store is configured.
  package let traceRequests: TraceRequests?
  private let state: Mutex<StoreState>
  let causeCache = Mutex(CauseCache())
  private let context: Context
  /// An empty state for the same system.
  private let empty: @Sendable () -> StoreState
  /// `nil` unless the store shows a past instant.
  let past: PastOfStore?
  private let now: @Sendable () -> Timestamp
  private let onChange: @Sendable () -> Void
  private let changes = Atomic(0)

  /// Increases with each change that is shown immediately: a batch of events, or a new status of a source. Safe on any thread.
  package var revision: Int { changes.load(ordering: .relaxed) }

  /// `now` is the clock for retention and deadlines. `onChange` is called on the collectors' threads after each change; it must be fast
  /// and must not call the store.
  package init(
    _ system: SystemDefinition, context: Context, limits: StoreLimits = StoreLimits(), lagRules: LagRules = LagRules(),
    services: [ServiceDefinition] = [], traces: TraceRequests? = nil, symbols: SymbolTable,
    now: @escaping @Sendable () -> Timestamp,
    onChange: @escaping @Sendable () -> Void = {}
  ) {
    empty = {
      StoreState(
        system, context: context.name, limits: limits, lagRules: lagRules, services: services, traces: traces,
        symbols: symbols)
    }
    state = Mutex(empty())
    traceRequests = traces
    self.context = context
    past = nil
    self.now = now
    self.onChange = onChange
  }

  /// An empty store for the picture's time; `past(_:isOver:)` fills it.
  init(pastOf live: Store, _ picture: StorePicture) {
    empty = live.empty
    state = Mutex(live.empty())
    traceRequests = live.traceRequests
    context = live.context
    past = PastOfStore(picture: picture, live: live)
    now = { picture.time }
    onChange = {}
  }

  package func accept(_ batch: EventBatch) {
    let instant = now()
    if !batch.withdrawn.isEmpty { state.withLock { $0.withdraw(batch.withdrawn) } }
    for start in stride(from: 0, to: batch.events.count, by: Self.slice) {
      state.withLock { state in
        state.sagas.clock = batch.readAt
        state.sagas.isReadingPast = batch.isPast
        for index in start..<min(start + Self.slice, batch.events.count) {
          state.fold(batch.events[index], arena: batch.arena)
        }
      }
    }
    if batch.endsSlice { state.withLock { $0.sagas.admitPast() } }
    while !state.withLock({ state in
      state.sagas.isReadingPast = batch.isPast
      return state.deriveChanged(at: instant, atMost: Self.slice)
    }) {}
    while !state.withLock({ $0.advance(to: instant) }) {}
    state.withLock { state in for origin in batch.passed { state.lag.note(nil, of: origin) } }
    for start in stride(from: 0, to: batch.undecoded.count, by: Self.slice) {
      state.withLock { state in
        for message in batch.undecoded[start..<min(start + Self.slice, batch.undecoded.count)] {
          state.fold(message, arena: batch.arena)
        }
      }
    }
    if !batch.events.isEmpty || !batch.undecoded.isEmpty || !batch.withdrawn.isEmpty {
      changes.wrappingAdd(1, ordering: .relaxed)
    }
    onChange()
  }

  package func accept(_ status: SourceStatus) {
    let instant = now()
    let isNews = state.withLock {
      let known = $0.sources[status.name]
      $0.note(status)
      return known?.phase != status.phase || known?.error != status.error || known?.progress != status.progress
    }
    if isNews { changes.wrappingAdd(1, ordering: .relaxed) }
    state.withLock {
      $0.noteSource(status, at: instant)
    }
    while !state.withLock({ $0.advance(to: instant) }) {}
    onChange()
  }

  package func accept(_ reading: LagSample) {
    state.withLock { $0.lag.begin(reading, isWhole: $0.isReadingWhole(at: reading.time)) }
    for group in reading.groups { state.withLock { $0.lag.fold(group, at: reading.time) } }
    state.withLock {
      $0.lag.finish(reading)
      $0.noteGroups(of: reading)
      $0.noteSuccess(of: SourceKind.lag.rawValue, at: reading.time)
    }
    onChange()
  }

  package func accept(_ reading: LockSample) {
    fold(reading.events) { state, event in state.fold(event, of: reading) }
    fold(reading.locks) { state, lock in state.fold(lock, of: reading) }
    fold(reading.gone) { state, key in state.fold(gone: key, of: reading) }
    let ranks = state.withLock { $0.finish(reading) }.sorted(by: LockState.Rank.isWorse)
    state.withLock {
      $0.locks.order(by: ranks)
      $0.noteLocks(of: reading)
      $0.noteSuccess(of: reading.source, at: reading.time)
    }
    onChange()
  }

  private func fold<Item: Sendable>(_ items: [Item], _ fold: @Sendable (inout StoreState, Item) -> Void) {
    for start in stride(from: 0, to: items.count, by: Self.slice) {
      state.withLock { state in
        for item in items[start..<min(start + Self.slice, items.count)] { fold(&state, item) }
      }
    }
  }

  package func accept(_ reading: ServiceSample) {
    state.withLock {
      $0.fold(reading)
      $0.noteSuccess(of: SourceKind.services.rawValue, at: reading.time)
    }
    onChange()
  }

  package func header(now: Timestamp) -> HeaderView {
    state.withLock { header($0, now: now) }
  }

  private func header(_ state: borrowing StoreState, now: Timestamp) -> HeaderView {
    HeaderView(
      context: context.name, isProtected: context.isProtected, isReadOnly: context.isReadOnly,
      isInferred: context.isInferred, doubts: context.inference?.doubts ?? [], unmatched: state.coverage.unmatchedCount,
      sources: state.sortedSources, services: state.services.count(now: now), now: now)
  }

  /// How its sagas were inferred; `nil` if they are configured.
  package var inference: InferenceView? { context.inference }

  /// How well the definitions cover the events.
  package var coverage: CoverageView {
    state.withLock { $0.coverage.view($0.sagas.definitions, $0.symbols) }
  }

  /// Sorted by name.
  package var sources: [SourceStatus] { state.withLock { $0.sortedSources } }

  /// All sources have been read completely and still respond.
  package var isComplete: Bool {
    let instant = now()
    return state.withLock { $0.isComplete(at: instant) }
  }

  /// All sources have completed their first read: a snapshot need not wait any longer.
  package var isSettled: Bool {
    state.withLock { state in !state.sources.isEmpty && state.sources.values.allSatisfy(\.isSettled) }
  }

  /// All data at one instant. Holds the lock for as long as deriving all retained sagas takes (about a second for a million): for reports,
  /// not for screens. Without `hasSagas` no saga rows are created, see `eachSaga`. Once `isOver` returns `true`, no more sagas are
  /// diagnosed.
  package func snapshot(
    now: Timestamp, hasSagas: Bool = true, isOver: () -> Bool = { false }
  ) -> SnapshotView {
    var (snapshot, nodes) = view(at: now) { state in
      while !state.advance(to: now) {}
      var snapshot = SnapshotView(
        header: header(state, now: now), isComplete: state.isComplete(at: now),
        overview: state.overview(limit: hasSagas ? .max : 0, now: now),
        compensations: state.compensations(CompensationQuery(limit: .max), now: now),
        oldestRollBacks: state.oldestRollBacks(),
        failures: state.failures(FailureQuery(limit: .max), now: now),
        nodes: state.nodes(NodeQuery(limit: .max), now: now))
      snapshot.inference = context.inference
      snapshot.coverage = state.coverage.view(state.sagas.definitions, state.symbols)
      return (snapshot, state.nodeHealths(now: now))
    }
    for row in snapshot.overview.sagas.rows.lazy.filter(\.mayNeedCause).prefix(Self.mostDiagnosed) {
      if isOver() { break }
      guard let diagnosis = diagnosis(row.handle, now: now, nodes: nodes), diagnosis.trouble.needsCause else {
        continue
      }
      snapshot.diagnoses[row.handle] = diagnosis
    }
    snapshot.causes = causes(now: now)
    return snapshot
  }

  private static let page = 256

  /// The matching sagas, row by row, with diagnoses of the worst. Only a few are in memory at a time. `isSame` may skip sagas that the
  /// caller already knows. Once `isOver` returns `true`, no more sagas are diagnosed.
  package func eachSaga(
    _ query: SagaQuery, now: Timestamp, isOver: () -> Bool = { false },
    isSame: (SagaHandle, ActionPlan.Version) -> Bool = { _, _ in false },
    _ body: (SagaRow, Diagnosis?, ActionPlan.Version) throws -> Void
  ) throws {
    let (handles, nodes) = view(at: now) { ($0.handles(query, now: now), $0.nodeHealths(now: now)) }
    var diagnosed = 0
    for start in stride(from: 0, to: handles.count, by: Self.page) {
      let page = handles[start..<min(start + Self.page, handles.count)]
      let wanted = zip(page, versions(of: Array(page))).compactMap { handle, version in
        version.flatMap { isSame(handle, $0) ? nil : (handle, $0) }
      }
      let rows = view(at: now) { state in
        wanted.compactMap { handle, version in state.sagas[handle].map { (state.row($0), version) } }
      }
      for (row, version) in rows {
        var found: Diagnosis?
        if row.mayNeedCause, diagnosed < Self.mostDiagnosed, !isOver() {
          diagnosed += 1
          found = diagnosis(row.handle, now: now, nodes: nodes).flatMap { $0.trouble.needsCause ? $0 : nil }
        }
        try body(row, found, version)
      }
    }
  }

  package func overview(limit: Int, now: Timestamp) -> OverviewView {
    let view = view(at: now) { $0.overview(limit: limit, now: now) }
    return past?.overview(view) ?? view
  }

  package func sagas(_ query: SagaQuery, now: Timestamp) -> SagaList {
    view(at: now) { $0.sagas(query, now: now) }
  }

  /// `nil` if the saga was dropped, or merged into another.
  package func saga(_ handle: SagaHandle, now: Timestamp) -> SagaView? {
    view(at: now) { $0.sagaView(handle) }
  }

  /// The diagnosis of a saga; `nil` if the saga was dropped, or merged into another.
  package func diagnosis(_ handle: SagaHandle, now: Timestamp) -> Diagnosis? {
    diagnosis(handle, now: now, nodes: nil)
  }

  func diagnosis(_ handle: SagaHandle, now: Timestamp, nodes: [NodeHealth]?) -> Diagnosis? {
    view(at: now) { $0.situation(handle, now: now, nodes: nodes) }.map { Diagnosis(of: $0) }
  }

  /// The saga with exactly this id, of the first type in the definition that has one.
  package func find(id: String) -> SagaHandle? { find(id: id, type: nil).first }

  /// All sagas with exactly this id, of one type or of any.
  package func find(id: String, type: String?) -> [SagaHandle] {
    state.withLock { $0.sagas.find(id: id, type: type) }
  }

  /// Number of retained sagas with one event id in events of different types: the field configured as event id does not identify events.
  /// Reads every saga; used by `doctor`.
  package func sagasWithSharedEventIDs() -> Int {
    read { state in state.sagas.slots.count { ($0?.events.sharedIDs ?? 0) > 0 } }
  }

  package func events(_ query: EventQuery, now: Timestamp) -> EventList {
    view(at: now) { $0.events(query, now: now) }
  }

  /// `nil` if the text is no longer stored.
  package func message(_ ref: MessageRef) -> Message? {
    past?.live.message(ref) ?? state.withLock { $0.messages.message(ref) }
  }

  /// The matching consumer groups, and counts of all groups.
  package func groups(_ query: GroupQuery, now: Timestamp) -> GroupList {
    var (list, rows) = state.withLock { state in
      let isCurrent = state.isCurrent(.lag, at: now)
      let rows = query.limit > 0 ? state.lag.rows(now: now, isCurrent: isCurrent) : []
      return (state.lag.groupSums(isCurrent: isCurrent), rows)
    }
    if query.limit > 0 { list.window = query.window(of: rows.sorted(by: GroupRow.isWorse), now: now) }
    return list
  }

  /// The topics that consumer groups read.
  package func topics(_ query: TopicQuery, now: Timestamp) -> TopicList {
    let all = state.withLock { $0.lag.topicRows(isCurrent: $0.isCurrent(.lag, at: now)) }
    return TopicList(query.window(of: all, now: now), of: all)
  }

  /// One consumer group with its partitions; `nil` if the name is unknown.
  package func group(_ name: String, now: Timestamp) -> GroupView? {
    state.withLock { $0.lag.group(name, now: now, isCurrent: $0.isCurrent(.lag, at: now)) }
  }

  /// The matching locks, worst first, and statistics of their patterns.
  package func locks(_ query: LockQuery, now: Timestamp) -> LockList {
    state.withLock { $0.locks(query, now: now) }
  }

  /// One lock with its history; `nil` if it is unknown or no longer stored.
  package func lock(_ key: LockKey, now: Timestamp) -> LockView? {
    state.withLock { $0.lock(key, now: now) }
  }

  /// The matching lines of services; the lines of a service's instances stay below it.
  package func services(_ query: ServiceQuery, now: Timestamp) -> ServiceList {
    let all = state.withLock { $0.serviceRows(now: now) }
    return ServiceList(query.window(of: all, now: now), of: all)
  }

  /// One service with its instances; `nil` if the name is unknown.
  package func service(_ name: String, now: Timestamp) -> ServiceRow? {
    state.withLock { $0.serviceRow(name, now: now) }
  }

  /// Failures grouped by the text of the error.
  package func failures(_ query: FailureQuery, now: Timestamp) -> FailureList {
    view(at: now) { $0.failures(query, now: now) }
  }

  /// Roll-backs and their sums.
  package func compensations(_ query: CompensationQuery, now: Timestamp) -> CompensationList {
    view(at: now) { $0.compensations(query, now: now) }
  }

  /// The oldest unfinished roll-back of each saga type.
  package func oldestRollBacks() -> [OldestCompensation] { read { $0.oldestRollBacks() } }

  /// The nodes that work on sagas; the members of consumer groups if no event contains a node.
  package func nodes(_ query: NodeQuery, now: Timestamp) -> NodeList {
    view(at: now) { $0.nodes(query, now: now) }
  }

  /// The members of all consumer groups.
  package func members(_ query: MemberQuery, now: Timestamp) -> MemberList {
    state.withLock { $0.members(query, now: now) }
  }

  /// For the parts of the store in other files.
  func read<View: Sendable>(_ body: (borrowing StoreState) -> View) -> View {
    state.withLock { body($0) }
  }

  func fold(_ body: (inout StoreState) -> Void) {
    state.withLock { body(&$0) }
    onChange()
  }

  func view<View>(at now: Timestamp, _ make: (inout StoreState) -> View) -> View where View: Sendable {
    state.withLock { state in
      state.advance(to: now)
      return make(&state)
    }
  }
}

extension SagaRow {
  fileprivate var mayNeedCause: Bool { status != .completed || flags.contains(.inconsistent) }
}
