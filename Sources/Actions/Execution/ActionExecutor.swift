import Core
import Synchronization
import Text

/// The only way to send anything to the watched system: `run`. The screen and the command line both use it, and no other sending code of
/// this module is accessible from outside. The conditions for a request are checked here and in `PlanRun`: not read-only, a plan of this
/// executor, its confirmation, the durable record of the intent, the saga's version.
package final class ActionExecutor: Sendable {
  private struct State {
    /// Plans that were created but not run, the oldest first.
    var plans: [PreparedPlan] = []
    var runs: [String: PlanRun] = [:]
    var audit: AuditReader?
  }

  /// Maximum number of plans that wait for a confirmation.
  private static let mostPlans = 8
  /// Maximum number of audit records in memory; the latest are retained.
  private static let mostRecords = 10_000

  private let settings: ActionSettings
  private let store: Store
  private let planner: ActionPlanner
  private let log: AuditLog?
  private let watcher: OutcomeWatcher
  private let tokens: TokenStore
  private let state: Mutex<State>
  private let reading = Mutex(())

  package init(_ settings: ActionSettings, store: Store) {
    self.settings = settings
    self.store = store
    planner = ActionPlanner(settings: settings, store: store)
    log = settings.audit.map(AuditLog.init)
    watcher = OutcomeWatcher(store: store, log: log, now: settings.now)
    tokens = TokenStore()
    state = Mutex(State(audit: settings.audit.map { AuditReader(path: $0.path, capacity: Self.mostRecords) }))
  }

  package func availability(of action: ActionName, on subject: ActionSubject) -> ActionAvailability {
    planner.availability(of: action, on: subject)
  }

  /// Reads the audit log first, which may block on its lock. Writes nothing.
  package func plan(_ request: ActionRequest) -> Result<ActionPlan, ActionRefusal> {
    if !settings.isReadOnly, let problem = readAudit(mayWrite: false) {
      return .failure(
        ActionRefusal(.audit, "\(problem): what was done before is not known, and nothing can be planned"))
    }
    switch planner.plan(request) {
    case .success(let frozen):
      state.withLock { state in
        state.plans.append(frozen)
        if state.plans.count > Self.mostPlans { state.plans.removeFirst() }
      }
      return .success(frozen.plan)
    case .failure(let refusal): return .failure(refusal)
    }
  }

  /// Returns when the intent is on disk or was refused. May block on the lock of the audit log.
  package func run(_ plan: ActionPlan, answer: ActionConfirmation.Answer) -> ActionRefusal? {
    if settings.isReadOnly { return .readOnly }
    guard let log else { return ActionRefusal(.audit, ActionSettings.noAudit) }
    guard plan.confirmation.isMet(by: answer) else {
      return ActionRefusal(
        .notConfirmed, "not confirmed: " + (plan.confirmation.typed.map { "expected `\($0)`" } ?? "expected y"))
    }
    guard let frozen = take(plan) else {
      return ActionRefusal(.notConfirmed, "this plan was run before, was changed, or is too old: plan again")
    }
    guard ContinuousClock.now - frozen.madeAt <= settings.planAge else {
      let limit = Quantity.age(settings.planAge)
      return ActionRefusal(.notConfirmed, "the plan is older than \(limit), and nothing was sent: plan again")
    }
    let record = PlanRun.record(frozen, frozen.items[0], settings)
    do throws(AuditLog.Unwritable) {
      try log.plan(record, count: frozen.items.count, resumes: frozen.plan.resumes)
    } catch {
      store.note(auditProblem: error.message)
      return ActionRefusal(.audit, "\(error.message): nothing was sent")
    }
    start(frozen, record, log, answer)
    return nil
  }

  package func cancel(intent: String) { run(of: intent)?.cancel() }

  /// Resumes a paused run.
  package func resume(intent: String) { run(of: intent)?.resume() }

  /// `nil` if the run is not of this process or is over.
  package func runState(of intent: String) -> ActionRunState? {
    run(of: intent).flatMap { $0.isDone ? nil : $0.runState }
  }

  /// Whether a part of the intent is still to be sent, in flight, or being watched.
  package func isUnderWay(_ intent: String) -> Bool {
    run(of: intent).map { !$0.isDone } ?? false || watcher.isWatching(intent)
  }

  private func run(of intent: String) -> PlanRun? { state.withLock { $0.runs[intent] } }

  /// Stops sending. Waits at most `patience` for requests in flight, so that their outcomes are recorded.
  package func close(patience: Duration = .seconds(2)) {
    let runs = state.withLock { Array($0.runs.values) }
    for run in runs { run.cancel() }
    let end = ContinuousClock.now + patience
    for run in runs { run.wait(patience: end - .now) }
    watcher.close()
  }

  // MARK: Audit log

  /// Reads new lines of the audit log: of former sessions and of other processes. An intent without an outcome that is older than the
  /// longest possible request gets the outcome unknown: its process ended before. Blocks while it reads. `mayWrite` allows recording of
  /// outcomes that are found to be observed. Returns why the log cannot be read, or `nil`.
  @discardableResult
  package func readAudit(mayWrite: Bool = true) -> String? {
    reading.withLock { _ in
      read { reader, result in
        switch result {
        case .success(let records):
          takeIn(records, reader)
          store.accept(lost(reader))
          store.accept(reader.unwatched(now: settings.now()))
          settle(reader, mayWrite: mayWrite)
          let damage = reader.damages.first.map { "\(settings.audit?.path ?? ""):\($0.line): \($0.message)" }
          store.note(auditProblem: damage)
          return nil
        case .failure(let error):
          store.note(auditProblem: error.message)
          return error.message
        }
      }
    }
  }

  /// Reads what other processes recorded since the last call; called while a run is paused. A read error is ignored: the next write
  /// reports it.
  private func hearOthers() { reading.withLock { _ in hear(isLocked: false) } }

  private func hear(isLocked: Bool) {
    read(isLocked: isLocked) { reader, result in
      if case .success(let records) = result { takeIn(records, reader) }
      return nil
    }
  }

  /// Lock order: `reading` is acquired before the log's file lock, so that the holder of the file lock never waits for a reader.
  private func intend(
    _ record: ActionRecord, _ request: PreparedRequest, unless hindrance: () -> ActionOutcome?
  ) throws(AuditLog.NotIntended) -> DurableIntent {
    guard let log else { throw .unwritable(.init(message: ActionSettings.noAudit)) }
    return try reading.withLock { _ throws(AuditLog.NotIntended) in
      try log.intend(record, request) {
        hear(isLocked: true)
        return hindrance()
      }
    }
  }

  /// The caller holds `reading`.
  @discardableResult
  private func read(
    isLocked: Bool = false, _ body: (AuditReader, Result<[ActionRecord], AuditLog.Unwritable>) -> String?
  ) -> String? {
    // Moved out of the state to avoid a copy.
    guard var reader = state.withLock({ $0.audit.take() }) else { return nil }
    let result = reader.read(isLocked: isLocked)
    let problem = body(reader, result)
    state.withLock { $0.audit = reader }
    return problem
  }

  private func takeIn(_ records: [ActionRecord], _ reader: AuditReader) {
    store.accept(records)
    for asked in reader.runs {
      if let control = asked.control { run(of: asked.intent)?.obey(control) }
    }
  }

  /// A request that may still get its response counts as in flight, in any session.
  private func lost(_ reader: AuditReader) -> [ActionRecord] {
    let now = settings.now()
    return reader.unsettled.filter { abs((now - $0.intendedAt).milliseconds) >= patience(for: $0).milliseconds }
      .filter { run(of: $0.intent) == nil }.map { AuditReader.lost($0, now: now) }
  }

  private func patience(for record: ActionRecord) -> Duration {
    let type = record.type.isEmpty ? nil : record.type
    return (settings.definition(of: record.action, type: type)?.timeout ?? .seconds(10)) * ItemPlanner.longestTry
  }

  /// Actions of ended sessions with an outcome that is visible in the events. In read-only mode the outcome is shown but not recorded.
  private func settle(_ reader: AuditReader, mayWrite: Bool) {
    for record in OutcomeReconciler(settings: settings, store: store).settled(among: reader.kept) {
      guard !isUnderWay(record.intent) else { continue }
      store.accept([record])
      guard mayWrite, !settings.isReadOnly else { continue }
      do throws(AuditLog.Unwritable) { try log?.conclude([record]) } catch { store.note(auditProblem: error.message) }
    }
  }

  // MARK: Runs

  /// Removes and returns the stored plan. `nil` if it was taken before.
  private func take(_ plan: ActionPlan) -> PreparedPlan? {
    state.withLock { state in
      state.plans.firstIndex { $0.plan == plan }.map { state.plans.remove(at: $0) }
    }
  }

  private func start(
    _ frozen: PreparedPlan, _ record: ActionRecord, _ log: AuditLog, _ answer: ActionConfirmation.Answer
  ) {
    let gate = PlanRun.Gate(
      settings: settings, store: store, log: log, watcher: watcher, tokens: tokens,
      hearOthers: { [weak self] in self?.hearOthers() },
      intend: { [weak self] record, request, hindrance throws(AuditLog.NotIntended) in
        guard let self else { throw .hindered(.cancelled) }
        return try self.intend(record, request, unless: hindrance)
      })
    let file = settings.kept?.begin(KeptPlan(frozen, record, answer, settings))
    let run = PlanRun(frozen, gate, file)
    let done = state.withLock { state in
      let done = state.runs.values.filter(\.isDone)
      state.runs = state.runs.filter { !$0.value.isDone }
      state.runs[frozen.plan.intent] = run
      return done
    }
    // The threads have finished their work and only close their clients.
    for run in done { run.wait(patience: .zero) }
    run.start()
  }
}
