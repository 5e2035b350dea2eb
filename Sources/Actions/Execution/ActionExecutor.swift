import Core
import Synchronization
import Text

/// The one way on which anything is sent to the watched system: `run`. Screen and command line both come here, and nothing else of
/// this module that sends can be reached from outside of it. What must hold before a request leaves is checked here and in the
/// `PlanRun` that it starts: not read-only, a plan of this gate, its confirmation, the durable record of the intent, the saga's version.
package final class ActionExecutor: Sendable {
  private struct State {
    /// Plans that were made and not run, the oldest first.
    var plans: [PreparedPlan] = []
    var batches: [String: PlanRun] = [:]
    var audit: AuditReader?
    var hasReadAudit = false
  }

  /// Plans that wait for a confirmation.
  private static let mostPlans = 8
  /// Records of the audit log that are kept in memory, the latest.
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
    log = settings.auditPath.map(AuditLog.init)
    watcher = OutcomeWatcher(store: store, log: log, now: settings.now)
    tokens = TokenStore()
    state = Mutex(State(audit: settings.auditPath.map { AuditReader(path: $0, capacity: Self.mostRecords) }))
  }

  package func availability(of action: ActionName, on subject: ActionSubject) -> ActionAvailability {
    planner.availability(of: action, on: subject)
  }

  /// Reads the audit log first: it may wait for its lock. Writes nothing.
  package func plan(_ request: ActionRequest) -> Result<ActionPlan, ActionRefusal> {
    readAudit(mayWrite: false)
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

  /// Returns when the intent is on disk or was refused: it may wait for the lock of the audit log.
  package func run(_ plan: ActionPlan, answer: ActionConfirmation.Answer) -> ActionRefusal? {
    if settings.isReadOnly { return ActionRefusal(.readOnly, "read-only: nothing that changes the system is possible") }
    guard let log else { return ActionRefusal(.audit, "there is no place for the audit log: HOME is not set") }
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
    do throws(AuditLog.Unwritable) {
      try log.plan(PlanRun.record(frozen, frozen.items[0], settings), count: frozen.items.count)
    } catch {
      store.note(auditProblem: error.message)
      return ActionRefusal(.audit, "\(error.message): nothing was sent")
    }
    start(frozen, log)
    return nil
  }

  package func cancel(intent: String) {
    state.withLock { $0.batches[intent] }?.cancel()
  }

  /// Something of the intent is still to be sent, under way, or watched.
  package func isUnderWay(_ intent: String) -> Bool {
    state.withLock { $0.batches[intent] }.map { !$0.isDone } ?? false || watcher.isWatching(intent)
  }

  /// Nothing more is sent; what is under way is waited for, for at most `patience`, so that its outcome is written down.
  package func close(patience: Duration = .seconds(2)) {
    let batches = state.withLock { Array($0.batches.values) }
    for batch in batches { batch.cancel() }
    let end = ContinuousClock.now + patience
    for batch in batches { batch.wait(patience: end - .now) }
    watcher.close()
  }

  /// Takes in what the audit log has that is not known yet: of former sessions, and of others that write to it now. At the first time
  /// what has no outcome is taken for unknown: whoever intended it ended in between. Blocks for as long as the reading takes.
  /// `mayWrite` has what turns out to be observed written down.
  package func readAudit(mayWrite: Bool = true) {
    read { reader, result, isFirst in
      switch result {
      case .success(let records):
        takeIn(records, reader, isFirst: isFirst)
        store.accept(reader.unwatched(now: settings.now()))
        settle(reader, mayWrite: mayWrite)
        let damage = reader.damages.first.map { "\(settings.auditPath ?? ""):\($0.line): \($0.message)" }
        store.note(auditProblem: damage)
      case .failure(let error): store.note(auditProblem: error.message)
      }
    }
  }

  /// What others have written down since the last look, for who is about to send. A log that cannot be read cannot be written either,
  /// and that is told then.
  private func hearOthers() {
    read { reader, result, isFirst in
      if case .success(let records) = result { takeIn(records, reader, isFirst: isFirst) }
    }
  }

  private func read(_ body: (AuditReader, Result<[ActionRecord], AuditLog.Unwritable>, _ isFirst: Bool) -> Void) {
    reading.withLock { _ in
      // Taken out, so that what it holds is not copied.
      guard var reader = state.withLock({ $0.audit.take() }) else { return }
      let result = reader.read()
      body(reader, result, state.withLock { !$0.hasReadAudit })
      state.withLock { state in
        state.audit = reader
        state.hasReadAudit = true
      }
    }
  }

  private func takeIn(_ records: [ActionRecord], _ reader: AuditReader, isFirst: Bool) {
    store.accept(records)
    guard isFirst else { return }
    // What may still wait for its answer is under way, whoever sent it.
    let lost = reader.unsettled.filter { settings.now() - $0.intendedAt >= patience(for: $0) }
    store.accept(lost.map { AuditReader.lost($0, now: settings.now()) })
  }

  private func patience(for record: ActionRecord) -> Duration {
    let type = record.type.isEmpty ? nil : record.type
    return (settings.definition(of: record.action, type: type)?.timeout ?? .seconds(10)) * ActionPlanner.longestTry
  }

  /// What ended with the session that sent it, and can be told from the events after all. Read-only, it is only shown.
  private func settle(_ reader: AuditReader, mayWrite: Bool) {
    for record in OutcomeReconciler(settings: settings, store: store).observed(among: reader.kept) {
      guard !isUnderWay(record.intent) else { continue }
      store.accept([record])
      guard mayWrite, !settings.isReadOnly else { continue }
      do throws(AuditLog.Unwritable) { try log?.conclude(record) } catch { store.note(auditProblem: error.message) }
    }
  }

  /// The plan as it was made, which can be had once.
  private func take(_ plan: ActionPlan) -> PreparedPlan? {
    state.withLock { state in
      state.plans.firstIndex { $0.plan == plan }.map { state.plans.remove(at: $0) }
    }
  }

  private func start(_ frozen: PreparedPlan, _ log: AuditLog) {
    let batch = PlanRun(frozen, settings: settings, store: store, log: log, watcher: watcher, tokens: tokens) {
      [weak self] in self?.hearOthers()
    }
    let done = state.withLock { state in
      let done = state.batches.values.filter(\.isDone)
      state.batches = state.batches.filter { !$0.value.isDone }
      state.batches[frozen.plan.intent] = batch
      return done
    }
    // Their threads have nothing left to do but to close their clients.
    for batch in done { batch.wait(patience: .zero) }
    batch.start()
  }
}
