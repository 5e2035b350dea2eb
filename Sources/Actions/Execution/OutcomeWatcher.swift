import Clients
import Core
import Synchronization

/// Watches sagas after an action until they change as expected or the watch time is over. Its thread exists only while there is something
/// to watch.
final class OutcomeWatcher: Sendable {
  struct Watch: Sendable {
    var record: ActionRecord
    var saga: SagaHandle
    var check: ExpectationCheck
    var own: ExpectationCheck.Place?
    var sentAt: ContinuousClock.Instant
    /// When the response arrived. Both instants are monotonic.
    var answeredAt = ContinuousClock.now
    /// Total time in which the source was unavailable. It does not count as watch time.
    var blind = Duration.zero
    /// The saga version at the last check.
    var seen: ActionPlan.Version?
  }

  private struct State {
    var watches: [Watch] = []
    var isRunning = false
    var isClosed = false
  }

  private static let interval = Duration.milliseconds(100)
  /// Interval if many sagas are watched, because each check costs time.
  private static let intervalOfMany = Duration.milliseconds(250)
  private static let many = 50
  /// A pause between two checks longer than this means that the process was suspended.
  private static let suspension = Duration.seconds(5)
  /// A watch is given up if the source is unavailable for longer than this.
  private static let longestBlindness = Duration.seconds(300)

  private let store: Store
  private let log: AuditLog?
  private let now: @Sendable () -> Timestamp
  private let thread = WorkerThread()
  private let state = Mutex(State())

  init(store: Store, log: AuditLog?, now: @escaping @Sendable () -> Timestamp) {
    self.store = store
    self.log = log
    self.now = now
  }

  func watch(_ watch: Watch) {
    let mustStart = state.withLock { state in
      state.watches.append(watch)
      defer { state.isRunning = true }
      return !state.isRunning
    }
    guard mustStart else { return }
    // The previous thread has left its loop.
    thread.join(patience: .seconds(1))
    if !thread.start({ [self] in run() }) { state.withLock { $0.isRunning = false } }
  }

  func isWatching(_ intent: String) -> Bool {
    state.withLock { state in !state.isClosed && state.watches.contains { $0.record.intent == intent } }
  }

  /// Stops all watches.
  func close() {
    state.withLock { $0.isClosed = true }
    thread.join(patience: .seconds(1))
  }

  private func run() {
    var last = ContinuousClock.now
    while true {
      let pass = ContinuousClock.now
      let concern = PictureCheck(store: store).concern(at: now())
      if concern != nil || pass - last > Self.suspension { addBlindness(pass - last) }
      last = pass
      let watches = state.withLock { state in
        if state.watches.isEmpty || state.isClosed { state.isRunning = false }
        return state.isRunning ? state.watches : []
      }
      guard !watches.isEmpty else { return }
      for (watch, version) in zip(watches, store.versions(of: watches.map(\.saga))) { look(watch, version, concern) }
      Sleep.until(.now + (watches.count > Self.many ? Self.intervalOfMany : Self.interval)) {
        state.withLock { $0.isClosed }
      }
    }
  }

  /// Extends the watch time by the time in which the source was unavailable.
  private func addBlindness(_ time: Duration) {
    let records = state.withLock { state in
      for place in state.watches.indices {
        state.watches[place].blind += time
        state.watches[place].record.watchedUntil = state.watches[place].record.watchedUntil.map { $0 + time }
      }
      return state.watches.map(\.record)
    }
    store.accept(records)
  }

  private func look(_ watch: Watch, _ version: ActionPlan.Version?, _ concern: String?) {
    if version == nil || version != watch.seen {
      if let outcome = outcome(watch) { return finish(watch, outcome) }
      see(watch, version)
    }
    if let concern {
      if watch.blind > Self.longestBlindness { giveUp(watch, concern) }
      return
    }
    let waited = ContinuousClock.now - watch.answeredAt - watch.blind
    if waited >= watch.check.expectation.within { finish(watch, .notObserved(after: waited)) }
  }

  private func outcome(_ watch: Watch) -> ActionOutcome? {
    guard let saga = saga(of: watch) else { return nil }
    switch watch.check.verdict(on: saga, since: watch.record.intendedAt, isOwn: { isOwn($0, watch) }) {
    case .open: return nil
    case .met: return .observed(after: ContinuousClock.now - watch.sentAt)
    case .failedAgain(let error): return .failedAgain(error)
    }
  }

  /// The outcome stays accepted, with the remark that the saga cannot be watched.
  private func giveUp(_ watch: Watch, _ concern: String) {
    guard case .accepted(let message) = watch.record.outcome else { return finish(watch, .notObserved(after: .zero)) }
    finish(watch, .accepted([message, "cannot be watched: \(concern)"].compactMap { $0 }.joined(separator: "; ")))
  }

  /// A saga that was merged into another is found by its id.
  private func saga(of watch: Watch) -> SagaView? {
    store.saga(watch.saga, now: now())
      ?? store.find(id: watch.record.subject, type: watch.record.type).first.flatMap { store.saga($0, now: now()) }
  }

  /// Compares topic, partition and offset if the broker returned them, else the idempotency key.
  private func isOwn(_ event: EventRow, _ watch: Watch) -> Bool {
    if let own = watch.own { return event.place == own }
    return store.carries(event, key: watch.record.idempotencyKey)
  }

  private func see(_ watch: Watch, _ version: ActionPlan.Version?) {
    state.withLock { state in
      if let place = state.watches.firstIndex(where: { $0.record.id == watch.record.id }) {
        state.watches[place].seen = version
      }
    }
  }

  /// An unknown outcome stays unknown if nothing was observed.
  private func finish(_ watch: Watch, _ outcome: ActionOutcome) {
    var record = watch.record
    var isNews = true
    if case .unknown = record.outcome, case .notObserved = outcome { isNews = false }
    if isNews {
      record.stages.append(.init(time: now(), outcome: outcome))
      store.accept([record])
      do throws(AuditLog.Unwritable) { try log?.conclude([record]) } catch { store.note(auditProblem: error.message) }
    }
    state.withLock { state in state.watches.removeAll { $0.record.id == record.id } }
  }
}
