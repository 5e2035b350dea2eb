import Clients
import Core
import Synchronization
import Text

/// One plan being run: its items in their order, a few at once, at the rate that is allowed. Each item is written down as intended
/// right before it is sent; with that record missing nothing is sent.
final class PlanRun: Sendable {
  /// What the run needs of the gate that started it.
  struct Gate: Sendable {
    let settings: ActionSettings
    let store: Store
    let log: AuditLog
    let watcher: OutcomeWatcher
    let tokens: TokenStore
    /// Brings what others have written down to the store, and calls `control`.
    let hearOthers: @Sendable () -> Void
    /// The same check while this process holds the log's write lock, then the record `intended`.
    let intend:
      @Sendable (ActionRecord, PreparedRequest, () -> ActionOutcome?) throws(AuditLog.NotIntended) -> DurableIntent
  }

  private struct State {
    var brake: RunBrake
    /// Of items, and threads that have not ended.
    var concluded = 0
    var running = 0
    /// Why nothing more can be written down.
    var failure: String?
    var mayStartAt = ContinuousClock.now
    /// Until then the server wants to be left alone.
    var restsUntil: ContinuousClock.Instant?
    var control: RunRecord.Asked?
  }

  /// How long the first request, which is sent alone, is watched before the others are sent.
  private static let firstPatience = Duration.seconds(10)
  private static let longestRest = Duration.seconds(3600)

  private let frozen: PreparedPlan
  private let gate: Gate
  private let file: RunFile?
  private let state: Mutex<State>
  private let threads: [WorkerThread]

  private var settings: ActionSettings { gate.settings }
  private var store: Store { gate.store }

  /// `file` says to others that it is being run, for as long as this is there.
  init(_ frozen: PreparedPlan, _ gate: Gate, _ file: RunFile?) {
    self.frozen = frozen
    self.gate = gate
    self.file = file
    state = Mutex(State(brake: RunBrake(count: frozen.items.count, stopAfter: frozen.pace.stopAfter)))
    threads = (0..<min(frozen.pace.concurrency, frozen.items.count)).map { _ in WorkerThread() }
  }

  var intent: String { frozen.plan.intent }

  /// Whatever becomes of the threads: a client of Kafka may take its time to end.
  var isDone: Bool { state.withLock { $0.concluded >= frozen.items.count } }

  var runState: ActionRunState {
    state.withLock { state in
      let rest = state.restsUntil.map { $0 - .now } ?? .zero
      return ActionRunState(
        pause: state.brake.pause,
        note: rest > .zero ? "the server asks to wait: it goes on in \(Quantity.age(rest))" : nil)
    }
  }

  func cancel() { state.withLock { $0.brake.cancel() } }
  func resume() { state.withLock { $0.brake.resume() } }

  /// A request to pause, resume or stop that another process wrote to the log. Repeating it has no effect.
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
    if state.withLock({ $0.running == 0 && !$0.brake.hasBegun }) {
      state.withLock { state in
        state.failure = "the system gives no thread to send it with"
        state.brake.cancel()
      }
      work()
    }
  }

  // MARK: One item after the other

  private func work() {
    let sender = ActionSender(settings, tokens: gate.tokens)
    while true {
      switch state.withLock({ $0.brake.leave() }) {
      case .done: return
      case .wait: pass()
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

  /// Waits briefly, and reads requests that other processes wrote to the log meanwhile.
  private func pass() {
    Sleep.until(.now + .seconds(1)) { state.withLock { $0.brake.pause == nil || $0.brake.isCancelled } }
    if state.withLock({ $0.brake.pause != nil }) { gate.hearOthers() }
    // While the first is under way.
    Sleep.until(.now + .milliseconds(20)) { false }
  }

  /// Waits for what comes of the item that goes alone.
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

  /// A key that was sent before and is refused now may be refused for what the first try did.
  static func afterUnknown(_ outcome: ActionOutcome) -> ActionOutcome {
    guard case .refused(let status?, let message) = outcome,
      status == 409 || status == 422 || message.lowercased().contains("idempotency")
    else { return outcome }
    return .unknown("the key was sent before; the server says \(status): \(message)")
  }

  // MARK: Pace

  /// Waits until the rate and the server allow another one; not once it is cancelled.
  private func awaitTurn() {
    let interval = Duration.nanoseconds(1_000_000_000 / max(1, frozen.pace.rate))
    let turn = state.withLock { state in
      let turn = max(state.mayStartAt, state.restsUntil ?? .now, .now)
      if state.failure == nil, !state.brake.isCancelled { state.mayStartAt = turn + interval }
      return turn
    }
    Sleep.until(turn) { state.withLock { $0.brake.isCancelled || $0.failure != nil } }
  }

  /// How long the server asked not to be called (`Retry-After`).
  private func rest(_ time: Duration?) {
    guard let time, time > .zero else { return }
    let end = ContinuousClock.now + min(time, Self.longestRest)
    state.withLock { $0.restsUntil = max($0.restsUntil ?? end, end) }
  }

  // MARK: What may come between

  private func hindrance() -> ActionOutcome? {
    let (isCancelled, failure) = state.withLock { ($0.brake.isCancelled, $0.failure) }
    if let failure { return .skipped("not sent: \(failure)") }
    return isCancelled ? .cancelled : nil
  }

  /// Why it is not sent after all, by what is known at this moment.
  private func hindrance(_ item: PreparedPlan.Item) -> ActionOutcome? {
    if hasOther(item) { return .skipped("another action was sent for it since it was planned for") }
    guard case .saga(let handle) = item.item.subject else { return nil }
    if !frozen.plan.confirmation.concerns.contains(where: \.isOldPicture),
      let concern = PictureCheck(store: store).concern(at: settings.now())
    {
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
      .contains { $0.intent != intent && !item.past.contains($0) }
  }

  // MARK: What is told

  /// Tells the screen.
  private func note(_ record: inout ActionRecord, _ outcome: ActionOutcome) {
    record.stages.append(.init(time: settings.now(), outcome: outcome))
    store.accept([record])
  }

  /// Tells the screen and the log. A log that cannot be written any more keeps the intent without an outcome, which reads as unknown.
  private func conclude(_ record: inout ActionRecord, _ outcome: ActionOutcome) {
    note(&record, outcome)
    do throws(AuditLog.Unwritable) { try gate.log.conclude(record) } catch { store.note(auditProblem: error.message) }
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

  /// The record of an item before anything has come of it.
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
