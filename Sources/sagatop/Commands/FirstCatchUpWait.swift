import Clients
import Collectors
import Configuration
import Core

/// Waits until all sources were read once, for commands that print a result.
enum FirstCatchUpWait {
  /// Time limit for the exit after a signal.
  private static let grace = Duration.milliseconds(800)

  enum End {
    case done
    case timeout
    /// Interrupted by a signal with this number.
    case interrupted(Int32)
  }

  /// Waits until `isReady` returns true, a signal arrives, or the time is over. With `pace`, `isReady` is called at most once per `pace`,
  /// and at least every second, because its result may depend on time.
  static func wait(
    until end: Timestamp, _ wakeup: WakeUp, _ interrupts: Interrupts, pace: Duration? = nil, isReady: () -> Bool
  ) -> End {
    while true {
      if let number = interrupts.taken { return .interrupted(number) }
      if isReady() { return .done }
      let rest = end - SteadyClock.now()
      guard rest > .zero else { return .timeout }
      wakeup.wait(atMost: pace == nil ? rest : min(rest, .seconds(1)), or: interrupts.descriptor)
      if let pace { interrupts.wait(atMost: min(rest, pace)) }
    }
  }

  /// Prints to standard error which sources could not be read in time.
  static func complainOfMissing(in store: Store, at now: Timestamp) {
    for source in store.sources where !source.isWhole(at: now) {
      let reason = source.error ?? source.incompleteness(at: now)
      Output.complain(
        "\(source.name): \(source.isComplete ? "incomplete" : "not read completely in time"): \(reason)")
    }
  }

  /// Prints to standard error since when events were read, if `--since` was not given.
  static func tellWindow(of store: Store, _ settings: Settings) {
    guard settings.since == .usual else { return }
    for source in store.sources where source.hasWholeWindow {
      guard let since = source.window?.wantedSince else { continue }
      Output.complain("\(source.name): events since \(since.iso8601) were read; --since all reads all events")
    }
  }

  /// The error for an unknown id. The saga may be missing because not all events were read.
  static func unknownSaga(_ id: String, in store: Store) -> CommandFailure {
    let isRead = store.sources.allSatisfy { !$0.carriesEvents || $0.isSettled }
    let remark = isRead ? "" : ", but not all events were read"
    return CommandFailure("no saga has the id `\(id)`\(remark)", code: isRead ? ExitCode.noInput : ExitCode.unknown)
  }

  /// Reads the system, writes the result of `text`, and returns the exit status. `text` returns `nil` if the requested saga does not
  /// exist. After everything was read, `isReady` is called until the data for `text` is complete.
  static func answer(
    _ invocation: Invocation, _ settings: Settings, isReady: (Store, Timestamp) -> Bool = { _, _ in true },
    _ text: (Store, _ now: Timestamp, _ isComplete: Bool) throws -> String?
  ) throws -> Int32 {
    guard invocation.recording.files.isEmpty else {
      let interrupts = try Interrupts()
      interrupts.endProgram(within: grace, timeout: invocation.recordingTimeout)
      let (store, instant) = try ReplayStore.filled(invocation, settings)
      return try deliver(invocation, settings, text(store, instant, store.isComplete), store, instant, interrupts)
    }
    var known = try SystemInference.settled(settings, atMost: invocation.timeout / 2)
    let interrupts = try Interrupts()
    interrupts.endProgram(within: grace, timeout: invocation.timeout)
    let wakeup = try WakeUp.make()
    var watch = try Monitor(known.settings) { wakeup.ring() }
    watch.start()
    defer { watch.stop() }
    let deadline = SteadyClock.now() + invocation.timeout
    var end = wait(until: deadline, wakeup, interrupts) { watch.store.isSettled }
    while case .done = end, !known.isWhole, SteadyClock.now() < deadline {
      known = try SystemInference.settled(settings, atMost: (deadline - SteadyClock.now()) / 2)
      watch.stop()
      watch = try Monitor(known.settings) { wakeup.ring() }
      watch.start()
      end = wait(until: deadline, wakeup, interrupts) { watch.store.isSettled }
    }
    let (store, settings) = (watch.store, known.settings)
    if case .done = end {
      end = wait(until: deadline, wakeup, interrupts, pace: .milliseconds(50)) { isReady(store, SystemClock.now()) }
    }
    if case .interrupted(let number) = end { return ExitCode.signal(number) }
    AuditIntake(store).read()
    let now = SystemClock.now()
    return try deliver(invocation, settings, text(store, now, store.isComplete), store, now, interrupts)
  }

  private static func deliver(
    _ invocation: Invocation, _ settings: Settings, _ text: String?, _ store: Store, _ now: Timestamp,
    _ interrupts: Interrupts
  ) throws -> Int32 {
    complainOfMissing(in: store, at: now)
    tellWindow(of: store, settings)
    guard let text else { throw unknownSaga(invocation.words.first ?? "", in: store) }
    try Delivery(path: invocation.output, interrupts: interrupts).finish(text)
    return store.isComplete ? ExitCode.fine : ExitCode.unknown
  }
}
