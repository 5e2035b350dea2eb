import Clients
import Core
import Synchronization

/// One plan being run: its items in their order, a few at once, at the rate that is allowed. Each item is written down as intended
/// right before it is sent; with that record missing nothing is sent.
final class PlanRun: Sendable {
  private struct State {
    var next = 0
    /// Of items, and threads that have not ended.
    var concluded = 0
    var running = 0
    var isCancelled = false
    /// Why nothing more can be written down.
    var failure: String?
    var mayStartAt = ContinuousClock.now
  }

  private let frozen: PreparedPlan
  private let settings: ActionSettings
  private let store: Store
  private let log: AuditLog
  private let watcher: OutcomeWatcher
  private let tokens: TokenStore
  private let hearOthers: @Sendable () -> Void
  private let state = Mutex(State())
  private let threads: [WorkerThread]

  /// `hearOthers` brings what others have sent to the store.
  init(
    _ frozen: PreparedPlan, settings: ActionSettings, store: Store, log: AuditLog, watcher: OutcomeWatcher,
    tokens: TokenStore, hearOthers: @escaping @Sendable () -> Void
  ) {
    self.frozen = frozen
    self.settings = settings
    self.store = store
    self.log = log
    self.watcher = watcher
    self.tokens = tokens
    self.hearOthers = hearOthers
    let concurrency = frozen.items.map(\.definition.concurrency).min() ?? 1
    threads = (0..<min(concurrency, frozen.items.count)).map { _ in WorkerThread() }
  }

  /// Whatever becomes of the threads: a client of Kafka may take its time to end.
  var isDone: Bool { state.withLock { $0.concluded >= frozen.items.count } }

  func cancel() { state.withLock { $0.isCancelled = true } }

  /// For at most `patience`, however many threads there are.
  func wait(patience: Duration) {
    let end = ContinuousClock.now + patience
    for thread in threads { thread.join(patience: end - .now) }
  }

  func start() {
    state.withLock { $0.running = threads.count }
    for thread in threads {
      let hasStarted = thread.start { [self] in
        work()
        state.withLock { $0.running -= 1 }
      }
      if !hasStarted { state.withLock { $0.running -= 1 } }
    }
    // Without any thread nothing is sent, and that is told.
    if state.withLock({ $0.running == 0 && $0.next == 0 }) {
      state.withLock { $0.failure = "the system gives no thread to send it with" }
      work()
    }
  }

  private func work() {
    let sender = ActionSender(settings, tokens: tokens)
    while let item = takeNext() {
      run(item, sender)
      state.withLock { $0.concluded += 1 }
    }
  }

  private func takeNext() -> PreparedPlan.Item? {
    state.withLock { state in
      guard state.next < frozen.items.count else { return nil }
      defer { state.next += 1 }
      return frozen.items[state.next]
    }
  }

  private func run(_ item: PreparedPlan.Item, _ sender: ActionSender) {
    awaitTurn(item)
    var record = Self.record(frozen, item, settings)
    if let reason = hindrance(item) { return leave(&record, reason) }
    let intent: DurableIntent
    do throws(AuditLog.Unwritable) { intent = try log.intend(record, item.request) } catch {
      state.withLock { $0.failure = error.message }
      store.note(auditProblem: error.message)
      return leave(&record, .skipped("not sent: \(error.message)"))
    }
    note(&record, .sent)
    let sentAt = ContinuousClock.now
    let answer = sender.send(intent)
    record.latency = answer.latency
    record.watchedUntil = item.before.map { settings.now() + $0.expectation.within }
    var known = answer
    if item.isRepeated { known.outcome = Self.afterUnknown(answer.outcome) }
    conclude(&record, known.outcome)
    watch(item, record, known, sentAt: sentAt)
  }

  /// A key that was sent before and is refused now may be refused for what the first try did.
  static func afterUnknown(_ outcome: ActionOutcome) -> ActionOutcome {
    guard case .refused(let status?, let message) = outcome,
      status == 409 || status == 422 || message.lowercased().contains("idempotency")
    else { return outcome }
    return .unknown("the key was sent before; the server says \(status): \(message)")
  }

  /// Waits until the rate allows another one; not once it is cancelled.
  private func awaitTurn(_ item: PreparedPlan.Item) {
    let interval = Duration.nanoseconds(1_000_000_000 / max(1, item.definition.rate))
    let turn = state.withLock { state in
      let turn = max(state.mayStartAt, .now)
      if state.failure == nil, !state.isCancelled { state.mayStartAt = turn + interval }
      return turn
    }
    Sleep.until(turn) { state.withLock { $0.isCancelled || $0.failure != nil } }
  }

  /// Why it is not sent after all.
  private func hindrance(_ item: PreparedPlan.Item) -> ActionOutcome? {
    let (isCancelled, failure) = state.withLock { ($0.isCancelled, $0.failure) }
    if let failure { return .skipped("not sent: \(failure)") }
    if isCancelled { return .cancelled }
    hearOthers()
    if hasOther(item) { return .skipped("another action was sent for it since it was planned for") }
    guard case .saga(let handle) = item.item.subject else { return nil }
    if frozen.plan.concern == nil, let concern = PictureCheck(store: store).concern(at: settings.now()) {
      return .skipped("not sent: \(concern), and what is shown may be over")
    }
    guard let version = store.version(of: handle) else { return .skipped("the saga is not kept any more") }
    guard version == item.item.version else { return .skipped("it has moved since it was planned for") }
    return nil
  }

  /// Another plan, of this session or of another operator, was quicker.
  private func hasOther(_ item: PreparedPlan.Item) -> Bool {
    let records = store.actions(on: item.item.id, type: item.item.type)
    return PriorAttempts(records, frozen.plan.action, settings.context, now: settings.now(), patience: .zero).ids
      .contains { $0.intent != frozen.plan.intent && !item.past.contains($0) }
  }

  private func leave(_ record: inout ActionRecord, _ outcome: ActionOutcome) { conclude(&record, outcome) }

  /// Tells the screen.
  private func note(_ record: inout ActionRecord, _ outcome: ActionOutcome) {
    record.stages.append(.init(time: settings.now(), outcome: outcome))
    store.accept([record])
  }

  /// Tells the screen and the log. A log that cannot be written any more keeps the intent without an outcome, which reads as unknown.
  private func conclude(_ record: inout ActionRecord, _ outcome: ActionOutcome) {
    note(&record, outcome)
    do throws(AuditLog.Unwritable) { try log.conclude(record) } catch { store.note(auditProblem: error.message) }
  }

  private func watch(
    _ item: PreparedPlan.Item, _ record: ActionRecord, _ answer: SendResult, sentAt: ContinuousClock.Instant
  ) {
    switch answer.outcome {
    case .accepted, .unknown: break
    default: return
    }
    if answer.isObserved {
      var record = record
      return conclude(&record, .observed(after: answer.latency))
    }
    guard case .saga(let handle) = item.item.subject, let check = item.before else { return }
    watcher.watch(
      .init(record: record, saga: handle, check: check, own: answer.own, sentAt: sentAt))
  }

  /// The record of an item before anything has come of it.
  static func record(_ frozen: PreparedPlan, _ item: PreparedPlan.Item, _ settings: ActionSettings) -> ActionRecord {
    var record = ActionRecord(
      intent: frozen.plan.intent, action: frozen.plan.action, context: settings.context, subject: item.item.id,
      type: item.item.type, operator: settings.operator, reason: frozen.plan.reason,
      attempt: item.item.attempt, idempotencyKey: item.item.idempotencyKey,
      request: settings.mask(item.request.lines.first ?? ""), digest: item.request.digest(settings.mask),
      intendedAt: settings.now())
    record.insisted = frozen.plan.concern
    return record
  }
}
