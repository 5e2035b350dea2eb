import Clients
import Core
import Synchronization
import Text

/// Runs one plan: its items in order, with limited concurrency and rate. The intent of each item is recorded directly before it is sent;
/// without this record nothing is sent.
final class PlanRun: Sendable {
  /// Dependencies that the executor passes to a run.
  struct Gate: Sendable {
    let settings: ActionSettings
    let store: Store
    let log: AuditLog
    let watcher: OutcomeWatcher
    let tokens: TokenStore
    /// Passes records of other processes to the store, and their control requests to the runs.
    let hearOthers: @Sendable () -> Void
    /// Checks again while this process holds the log's write lock, then records `intended`.
    let intend:
      @Sendable (ActionRecord, PreparedRequest, () -> ActionOutcome?) throws(AuditLog.NotIntended) -> DurableIntent
  }

  private struct State {
    var brake: RunBrake
    /// Number of finished items; `running` is the number of active threads.
    var concluded = 0
    var running = 0
    /// Why nothing more can be recorded. `nil` while there is no failure.
    var failure: String?
    var mayStartAt = ContinuousClock.now
    /// No request is sent before this time (`Retry-After`).
    var restsUntil: ContinuousClock.Instant?
    var control: RunRecord.Asked?
  }

  /// Maximum time to wait for the effect of the first request before the other requests are sent.
  private static let firstPatience = Duration.seconds(10)
  private static let longestRest = Duration.seconds(3600)

  private let frozen: PreparedPlan
  private let gate: Gate
  private let file: RunFile?
  private let state: Mutex<State>
  private let threads: [WorkerThread]

  private var settings: ActionSettings { gate.settings }
  private var store: Store { gate.store }

  /// `file` shows other processes that the plan is running, as long as this object exists.
  init(_ frozen: PreparedPlan, _ gate: Gate, _ file: RunFile?) {
    self.frozen = frozen
    self.gate = gate
    self.file = file
    state = Mutex(State(brake: RunBrake(count: frozen.items.count, stopAfter: frozen.pace.stopAfter)))
    threads = (0..<min(frozen.pace.concurrency, frozen.items.count)).map { _ in WorkerThread() }
  }

  var intent: String { frozen.plan.intent }

  /// Independent of the threads: a Kafka client may need time to close.
  var isDone: Bool { state.withLock { $0.concluded >= frozen.items.count } }

  var runState: ActionRunState {
    state.withLock { state in
      let rest = state.restsUntil.map { $0 - .now } ?? .zero
      return ActionRunState(
        pause: state.brake.pause,
        note: rest > .zero ? "the server asks to wait: the next request follows in \(Quantity.age(rest))" : nil)
    }
  }

  func cancel() { state.withLock { $0.brake.cancel() } }
  func resume() { state.withLock { $0.brake.resume() } }

  /// Handles a request of another process to pause, resume or stop. Repeating the same request has no effect.
  func obey(_ asked: RunRecord.Asked) {
    state.withLock { state in
      guard state.control != asked else { return }
      state.control = asked
      let why = asked.reason.isEmpty ? "" : ": \(asked.reason)"
      switch asked.control {
      case .pause: state.brake.pause("\(asked.operator) asked to pause\(why)")
      case .resume: state.brake.resume()
      case .stop: state.brake.cancel()
      }
    }
  }

  /// Waits at most `patience` for all threads together.
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
    // If no thread can be started, nothing is sent and every item is reported as such.
    if state.withLock({ $0.running == 0 && !$0.brake.hasBegun }) {
      state.withLock { state in
        state.failure = "the system cannot create a thread to send it"
        state.brake.cancel()
      }
      work()
    }
  }

  // MARK: Items

  private func work() {
    let sender = ActionSender(settings, tokens: gate.tokens)
    while true {
      switch state.withLock({ $0.brake.leave() }) {
      case .done: return
      case .wait: pass()
      case .cancel(let places):
        cancel(frozen.items[places])
        state.withLock { $0.concluded += places.count }
      case .take(let place):
        let isAlone = state.withLock { $0.brake.isFirstUnderWay }
        let item = frozen.items[place]
        let outcome = run(item, sender)
        state.withLock { $0.brake.note(outcome, subject: item.item.id) }
        if isAlone { settleFirst(item, outcome) }
        state.withLock { $0.concluded += 1 }
      }
    }
  }

  /// Records items that are not sent, in one write: requests in flight also wait for the log, and the program may end soon.
  private func cancel(_ items: ArraySlice<PreparedPlan.Item>) {
    let now = settings.now()
    let records = items.map { item in
      var record = Self.record(frozen, item, settings)
      record.stages.append(.init(time: now, outcome: .cancelled))
      return record
    }
    store.accept(records)
    conclude(records)
  }

  /// Waits briefly and reads control requests of other processes.
  private func pass() {
    Sleep.until(.now + .seconds(1)) { state.withLock { $0.brake.pause == nil || $0.brake.isCancelled } }
    if state.withLock({ $0.brake.pause != nil }) { gate.hearOthers() }
    // Waits while the first item is in flight.
    Sleep.until(.now + .milliseconds(20)) { false }
  }

  /// Waits for the outcome of the item that is sent alone.
  private func settleFirst(_ item: PreparedPlan.Item, _ answer: ActionOutcome) {
    var outcome = answer
    if case .accepted = answer, let check = item.before {
      let id = ActionRecord.ID(intent: intent, type: item.item.type, subject: item.item.id)
      Sleep.until(.now + min(Self.firstPatience, check.expectation.within + .seconds(1))) {
        outcome = store.actions(of: intent).first { $0.id == id }?.outcome ?? answer
        return outcome.isFinal || state.withLock { $0.brake.isCancelled }
      }
    }
    state.withLock { $0.brake.noteFirst(outcome) }
  }

  private func run(_ item: PreparedPlan.Item, _ sender: ActionSender) -> ActionOutcome {
    awaitTurn()
    var record = Self.record(frozen, item, settings)
    settings.kept?.keep(item.request, digest: record.digest, settings.keptRequest)
    let intent: DurableIntent
    do throws(AuditLog.NotIntended) {
      if let reason = hindrance() { throw .hindered(reason) }
      intent = try gate.intend(record, item.request) { hindrance() ?? hindrance(item) }
    } catch {
      switch error {
      case .hindered(let outcome): conclude(&record, outcome)
      case .unwritable(let failure):
        state.withLock { $0.failure = failure.message }
        store.note(auditProblem: failure.message)
        conclude(&record, .skipped("not sent: \(failure.message)"))
      }
      return record.outcome
    }
    note(&record, .sent)
    let sentAt = ContinuousClock.now
    var answer = sender.send(intent)
    rest(answer.retryAfter)
    record.latency = answer.latency
    record.watchedUntil = item.before.map { settings.now() + $0.expectation.within }
    if item.isRepeated { answer.outcome = Self.afterUnknown(answer.outcome) }
    conclude(&record, answer.outcome)
    watch(item, record, answer, sentAt: sentAt)
    return answer.outcome
  }

  /// If the key was sent before, a refusal may be caused by the effect of the first attempt. So the outcome is unknown.
  static func afterUnknown(_ outcome: ActionOutcome) -> ActionOutcome {
    guard case .refused(let status?, let message) = outcome,
      status == 409 || status == 422 || message.lowercased().contains("idempotency")
    else { return outcome }
    return .unknown("the idempotency key was sent before; the server responded \(status): \(message)")
  }

  // MARK: Pace

  /// Waits until the rate limit and the server allow another request. Returns at once after cancellation.
  private func awaitTurn() {
    let interval = Duration.nanoseconds(1_000_000_000 / max(1, frozen.pace.rate))
    let turn = state.withLock { state in
      let turn = max(state.mayStartAt, state.restsUntil ?? .now, .now)
      if state.failure == nil, !state.brake.isCancelled { state.mayStartAt = turn + interval }
      return turn
    }
    Sleep.until(turn) { state.withLock { $0.brake.isCancelled || $0.failure != nil } }
  }

  /// Applies the server's `Retry-After` time.
  private func rest(_ time: Duration?) {
    guard let time, time > .zero else { return }
    let end = ContinuousClock.now + min(time, Self.longestRest)
    state.withLock { $0.restsUntil = max($0.restsUntil ?? end, end) }
  }

  // MARK: Checks before sending

  private func hindrance() -> ActionOutcome? {
    let (isCancelled, failure) = state.withLock { ($0.brake.isCancelled, $0.failure) }
    if let failure { return .skipped("not sent: \(failure)") }
    return isCancelled ? .cancelled : nil
  }

  /// Why the item must not be sent, according to the current data. `nil` if it may be sent.
  private func hindrance(_ item: PreparedPlan.Item) -> ActionOutcome? {
    if hasOther(item) { return .skipped("another action was sent for it after it was planned") }
    guard case .saga(let handle) = item.item.subject else { return nil }
    if !frozen.plan.confirmation.concerns.contains(where: \.isOldPicture),
      let concern = PictureCheck(store: store).concern(at: settings.now())
    {
      return .skipped("not sent: \(concern), and the screen may be out of date")
    }
    guard let version = store.version(of: handle) else { return .skipped("the saga is no longer in memory") }
    guard version == item.item.version else { return .skipped("it has changed after it was planned") }
    return nil
  }

  /// Another plan, of this session or of another operator, was sent first.
  private func hasOther(_ item: PreparedPlan.Item) -> Bool {
    let records = store.actions(on: item.item.id, type: item.item.type)
    return PriorAttempts(records, frozen.plan.action, settings.context, now: settings.now(), patience: .zero).ids
      .contains { $0.intent != intent && !item.past.contains($0) }
  }

  // MARK: Reporting

  /// Updates the screen.
  private func note(_ record: inout ActionRecord, _ outcome: ActionOutcome) {
    record.stages.append(.init(time: settings.now(), outcome: outcome))
    store.accept([record])
  }

  /// Updates the screen and the log.
  private func conclude(_ record: inout ActionRecord, _ outcome: ActionOutcome) {
    note(&record, outcome)
    conclude([record])
  }

  /// Updates the log. If it cannot be written, an intent stays without an outcome, which is read as unknown.
  private func conclude(_ records: [ActionRecord]) {
    do throws(AuditLog.Unwritable) { try gate.log.conclude(records) } catch { store.note(auditProblem: error.message) }
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
    gate.watcher.watch(.init(record: record, saga: handle, check: check, own: answer.own, sentAt: sentAt))
  }

  /// The initial record of an item.
  static func record(_ frozen: PreparedPlan, _ item: PreparedPlan.Item, _ settings: ActionSettings) -> ActionRecord {
    var record = ActionRecord(
      intent: frozen.plan.intent, action: frozen.plan.action, context: settings.context, subject: item.item.id,
      type: item.item.type, operator: settings.operator, reason: frozen.plan.reason,
      attempt: item.item.attempt, idempotencyKey: item.item.idempotencyKey,
      request: settings.mask(item.request.lines.first ?? ""), digest: item.request.digest(settings.mask),
      intendedAt: settings.now())
    let concerns = frozen.plan.confirmation.concerns
    record.insisted = concerns.isEmpty ? nil : concerns.map(\.sentence).joined(separator: "; ")
    return record
  }
}

extension ActionConcern {
  fileprivate var isOldPicture: Bool { if case .oldPicture = self { true } else { false } }
}
