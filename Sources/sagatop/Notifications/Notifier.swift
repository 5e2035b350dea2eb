import Actions
import Clients
import Collectors
import Configuration
import Core
import Glibc
import Reports
import Synchronization
import TUI
import Text

/// Sends changes of checks to the configured receivers. `take` may be called on any thread and never blocks: webhooks and commands run on
/// a background thread, one after the other.
final class Notifier: Sendable {
  private struct State {
    var transitions: CheckTransitions
    var queue: [CheckTransitions.Change] = []
    /// Bytes to write to the terminal, not yet taken.
    var sequences: [String] = []
    var failures: [String] = []
    var isStopped = false
  }

  private static let mostQueued = 100
  private static let mostFailures = 20
  private static let commandTimeout = Duration.seconds(10)

  private let settings: NotifySettings
  private let context: String
  private let secrets: Secrets
  private let state: Mutex<State>
  private let hasWork = WakeUp()
  private let thread = WorkerThread()
  /// Called on any thread when sequences or failures are available.
  private let onNews: @Sendable () -> Void

  /// `nil` if notifications are not configured. `former`: the states that were reported for this context before.
  init?(_ settings: Settings, following former: CheckTransitions? = nil, onNews: @escaping @Sendable () -> Void) {
    guard let notify = settings.notify else { return nil }
    self.settings = notify
    context = settings.context
    secrets = settings.secrets
    var transitions = CheckTransitions(after: notify.after, most: notify.most)
    if let former { transitions.follow(former) }
    state = Mutex(State(transitions: transitions))
    self.onNews = onNews
    _ = thread.start { [self] in deliver() }
  }

  var transitions: CheckTransitions { state.withLock { $0.transitions } }

  /// Accepts the results of one evaluation of the checks.
  func take(_ results: [CheckResult], now: Timestamp) {
    let changed = state.withLock { state -> Bool in
      let changes = state.transitions.take(results, now: now)
      for change in changes { enqueue(change, &state) }
      return !changes.isEmpty
    }
    guard changed else { return }
    hasWork?.ring()
    onNews()
  }

  private func enqueue(_ change: CheckTransitions.Change, _ state: inout State) {
    let text = NotificationText(change: change, context: context)
    if settings.rings || settings.desktop != nil {
      let desktop: TerminalNotice.Desktop? = settings.desktop.map { $0 == .osc9 ? .osc9 : .osc777 }
      let sentence = secrets.mask(text.sentence)
      state.sequences.append(
        TerminalNotice.sequence(
          title: text.title, text: sentence, desktop: desktop, rings: settings.rings,
          isInTmux: Environment.all["TMUX"].map { !$0.isEmpty } ?? false))
    }
    guard settings.webhook != nil || !settings.command.isEmpty else { return }
    guard state.queue.count < Self.mostQueued else {
      return fail("notify: \(Self.mostQueued) messages are waiting, one was dropped: \(change.check)", &state)
    }
    state.queue.append(change)
  }

  private func fail(_ text: String, _ state: inout State) {
    guard state.failures.count < Self.mostFailures else { return }
    state.failures.append(secrets.mask(text))
  }

  /// Returns and clears the bytes to write to the terminal.
  func takeSequences() -> [String] {
    state.withLock { state in
      defer { state.sequences = [] }
      return state.sequences
    }
  }

  /// Returns and clears the failures, as sentences.
  func takeFailures() -> [String] {
    state.withLock { state in
      defer { state.failures = [] }
      return state.failures
    }
  }

  /// Waits at most `patience` for the current message. Queued messages are dropped.
  func stop(patience: Duration = .seconds(1)) {
    state.withLock { $0.isStopped = true }
    hasWork?.ring()
    thread.join(patience: patience)
    state.withLock { state in
      if !state.queue.isEmpty { fail("notify: \(state.queue.count) messages were not sent before the end", &state) }
      state.queue = []
    }
  }

  // MARK: Background thread

  private func deliver() {
    while true {
      let next = state.withLock { state -> (change: CheckTransitions.Change?, isOver: Bool) in
        if state.isStopped { return (nil, true) }
        return (state.queue.isEmpty ? nil : state.queue.removeFirst(), false)
      }
      if next.isOver { return }
      if let change = next.change { send(change) } else { hasWork?.wait(until: .now + .seconds(60)) }
    }
  }

  private func send(_ change: CheckTransitions.Change) {
    let text = NotificationText(change: change, context: context)
    let webhook = settings.webhook.flatMap { call($0, text) }
    let command =
      settings.command.isEmpty
      ? nil
      : ProgramCall.run(
        settings.command, variables: text.variables.map(secrets.mask), timeout: Self.commandTimeout)
    let failures = [webhook.map { "notify: the webhook: \($0)" }, command.map { "notify: the command: \($0)" }]
    guard failures.contains(where: { $0 != nil }) else { return }
    state.withLock { state in
      for failure in failures.compactMap({ $0 }) { fail("\(failure) (\(change.check) is \(change.to.name))", &state) }
    }
    onNews()
  }

  /// Returns an error text, or `nil` on success.
  private func call(_ webhook: NotifySettings.Webhook, _ text: NotificationText) -> String? {
    let body = Array(secrets.mask(String(decoding: text.body(webhook.template), as: UTF8.self)).utf8)
    var headers = ["Content-Type: application/json"]
    if let secret = webhook.secret {
      headers.append("X-Sagatop-Signature: sha256=\(SHA256.hmac(body, key: Array(secret.utf8)))")
    }
    let request = HTTPExchange.Request(
      method: "POST", url: webhook.url, headers: headers, body: String(decoding: body, as: UTF8.self),
      access: webhook.access, timeout: webhook.timeout)
    switch HTTPExchange.run(request) {
    case .answered(let status, _, _) where (200..<300).contains(status): return nil
    case .answered(let status, _, _): return "\(webhook.server) answered with \(status)"
    case .notSent(let reason): return "\(webhook.server): not sent: \(reason)"
    case .lost(let reason): return "\(webhook.server): \(reason)"
    }
  }
}

/// Evaluates the configured checks at intervals on a background thread, and passes the results to a notifier.
final class CheckTicker: Sendable {
  /// Maximum time to wait for complete data after the start. Checks are not reported before.
  private static let settling = Duration.seconds(60)

  private let stopSignal = StopSignal()
  private let thread = WorkerThread()

  /// `nil` if there are no checks. Starts at once.
  init?(_ settings: Settings, store: Store, notifier: Notifier) {
    var invocation = Invocation()
    invocation.command = .snapshot
    invocation.wantedFormat = .nagios
    guard let notify = settings.notify, !settings.checks.isEmpty, let plan = try? SnapshotPlan(invocation, settings)
    else { return nil }
    let reader = SnapshotReader(plan: plan, selection: TableSelection())
    let stopSignal = stopSignal
    _ = thread.start {
      let start = ContinuousClock.now
      while !stopSignal.isStopped {
        if store.isSettled || ContinuousClock.now - start > Self.settling {
          let now = SystemClock.now()
          let readings = reader.readings(of: store, now: now)
          notifier.take(plan.checks.map { $0.result(readings) }, now: now)
        }
        let next = ContinuousClock.now + notify.interval
        while !stopSignal.isStopped, ContinuousClock.now < next {
          _ = stopSignal.wait([], atMost: next - ContinuousClock.now)
        }
      }
    }
  }

  func stop() {
    stopSignal.stop()
    thread.join(patience: .seconds(1))
  }
}
