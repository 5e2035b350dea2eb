import Clients
import Collectors
import Configuration
import Core
import Glibc
import Reports
import Synchronization
import TUI

/// `sagatop snapshot`: collects data, prints it, and exits or repeats.
struct SnapshotCommand {
  /// Minimum time between two evaluations of conditions, which may change with every event and with time.
  private static let pace = Duration.milliseconds(100)

  /// Maximum time to wait for readings that may decide a check.
  private static let patience = Duration.seconds(5)
  /// The part of the timeout reserved for writing the report.
  private static let rendering = Duration.seconds(1)
  /// Time limit for the exit after a signal.
  private static let grace = Duration.milliseconds(800)

  private let invocation: Invocation
  private let plan: SnapshotPlan
  private let wakeup: WakeUp
  private let interrupts: Interrupts
  private let delivery: Delivery
  private let changes: SnapshotChanges?
  /// Replaced together when the system is inferred again.
  private var renderer: SnapshotRenderer
  private var watch: Monitor
  private var gate: GatedSink?
  private var audit: AuditIntake
  /// The settings to infer again from when all sources can be read; `nil` if the inference is final.
  private var unknown: Settings?
  /// `nil` unless checks are watched and notifications are configured.
  private let notifier: Notifier?

  init(invocation: Invocation, settings: Settings) throws {
    self.invocation = invocation
    let plan = try SnapshotPlan(invocation, settings)
    self.plan = plan
    // A signal still ends the program immediately here, because nothing has been written.
    let known =
      plan.readsEvents
      ? try SystemInference.settled(settings, atMost: invocation.timeout / 2) : .init(settings: settings)
    unknown = known.isWhole ? nil : settings
    interrupts = try Interrupts()
    interrupts.endProgram(within: Self.grace, timeout: invocation.interval == nil ? invocation.timeout : nil)
    changes = invocation.hasChanges ? SnapshotChanges() : nil
    delivery = Delivery(path: invocation.output, interrupts: interrupts)
    let wakeup = try WakeUp.make()
    self.wakeup = wakeup
    (watch, gate) = try Self.monitor(known.settings, plan, wakeup)
    renderer = SnapshotRenderer(invocation: invocation, settings: known.settings, plan: plan)
    audit = AuditIntake(watch.store)
    notifier = invocation.interval == nil ? nil : Notifier(settings) {}
  }

  private static func monitor(
    _ settings: Settings, _ plan: SnapshotPlan, _ wakeup: WakeUp
  ) throws -> (Monitor, GatedSink?) {
    var gate: GatedSink?
    let watch = try Monitor(
      settings, reads: plan.kinds,
      recorder: { store in
        let gated = GatedSink(store)
        gate = gated
        return gated
      }
    ) { wakeup.ring() }
    return (watch, gate)
  }

  /// Infers the system again and restarts the sources with it.
  private mutating func inferAgain(until end: Timestamp) throws {
    guard let settings = unknown else { return }
    let known = try SystemInference.settled(settings, atMost: (end - SteadyClock.now()) / 2)
    watch.stop()
    (watch, gate) = try Self.monitor(known.settings, plan, wakeup)
    renderer = SnapshotRenderer(invocation: invocation, settings: known.settings, plan: plan)
    audit = AuditIntake(watch.store)
    unknown = known.isWhole ? nil : settings
    watch.start()
  }

  mutating func run() throws -> Int32 {
    watch.start()
    defer {
      notifier?.stop(patience: .seconds(3))
      for failure in notifier?.takeFailures() ?? [] { Output.complain(failure) }
      watch.stop()
    }
    guard let interval = invocation.interval else { return try once() }
    return try repeatedly(every: interval)
  }

  private mutating func once() throws -> Int32 {
    let limit = SteadyClock.now() + invocation.timeout
    // Reserves time for writing the report.
    let readEnd = invocation.conditions.isEmpty ? limit - min(Self.rendering, invocation.timeout / 5) : limit
    let end = try wait(until: readEnd)
    if case .interrupted(let number) = end { return ExitCode.signal(number) }
    if case .interrupted(let number) = waitForChecks(until: min(readEnd, SteadyClock.now() + Self.patience)) {
      return ExitCode.signal(number)
    }
    audit.read()
    let now = SystemClock.now()
    var checks: [CheckResult] = []
    try delivery.finish { part in
      checks = try write(now: now, until: max(limit, SteadyClock.now() + Self.rendering), to: part)
    }
    FirstCatchUpWait.complainOfMissing(in: watch.store, at: now)
    FirstCatchUpWait.tellWindow(of: watch.store, renderer.settings)
    return code(checks, end, at: now)
  }

  /// Writes the first snapshot when everything was read, and further ones at each interval unless they are delayed.
  private mutating func repeatedly(every interval: Duration) throws -> Int32 {
    let end = SteadyClock.now() + invocation.timeout
    if case .interrupted(let number) = try wait(until: end, conditions: false) { return ExitCode.signal(number) }
    FirstCatchUpWait.complainOfMissing(in: watch.store, at: SystemClock.now())
    FirstCatchUpWait.tellWindow(of: watch.store, renderer.settings)
    var next = SteadyClock.now()
    while true {
      if unknown != nil, watch.store.isSettled {
        let end = try wait(until: SteadyClock.now() + invocation.timeout, conditions: false)
        if case .interrupted(let number) = end { return ExitCode.signal(number) }
      }
      try writeAgain()
      if !invocation.conditions.isEmpty {
        if isReady(conditions: true) { return ExitCode.fine }
        if SteadyClock.now() >= end { return notInTime() }
      }
      next = max(next + interval, SteadyClock.now())
      while SteadyClock.now() < next {
        if let number = interrupts.taken { return ExitCode.signal(number) }
        wakeup.wait(atMost: next - SteadyClock.now(), or: interrupts.descriptor)
      }
      if let number = interrupts.taken { return ExitCode.signal(number) }
    }
  }

  private func writeAgain() throws {
    audit.read()
    do {
      try delivery.write { part in
        let now = SystemClock.now()
        let checks = try write(now: now, until: SteadyClock.now() + invocation.timeout, to: part)
        notify(checks, now: now)
      }
    } catch Delivery.Failure.failed(let failure) where invocation.output != nil {
      // A full disk may be temporary. The old file shows when it was written.
      Output.complain("\(failure.message); next attempt at the next interval")
    }
  }

  private func notify(_ checks: [CheckResult], now: Timestamp) {
    guard let notifier else { return }
    notifier.take(checks, now: now)
    let sequences = notifier.takeSequences()
    if isatty(STDERR_FILENO) == 1 { for text in sequences { Output.write(text, to: STDERR_FILENO) } }
    for failure in notifier.takeFailures() { Output.complain(failure) }
  }

  /// Writes a consistent snapshot of one instant. Causes are searched until `end`.
  private func write(now: Timestamp, until end: Timestamp, to part: ([UInt8]) throws -> Void) throws -> [CheckResult] {
    let isOver = { interrupts.taken != nil || SteadyClock.now() >= end }
    guard let gate else { return try renderer.write(watch.store, now: now, isOver: isOver, changes: changes, to: part) }
    return try gate.closed { try renderer.write(watch.store, now: now, isOver: isOver, changes: changes, to: part) }
  }

  /// Waits until every source was read completely once and the conditions hold, or the time is over. The system is inferred again if a
  /// source could not be read the first time.
  private mutating func wait(until end: Timestamp, conditions: Bool = true) throws -> FirstCatchUpWait.End {
    while true {
      let isFinal = unknown == nil
      let result = FirstCatchUpWait.wait(
        until: end, wakeup, interrupts, pace: conditions && !invocation.conditions.isEmpty ? Self.pace : nil
      ) { isReady(conditions: conditions && isFinal) }
      guard case .done = result, !isFinal, SteadyClock.now() < end else { return result }
      try inferAgain(until: end)
    }
  }

  /// A check that the first readings do not decide may be decided by later ones: for example, the age of unread messages is known only
  /// when the group continues reading. Data that a source does not provide is not waited for.
  private func waitForChecks(until end: Timestamp) -> FirstCatchUpWait.End {
    let reader = SnapshotReader(plan: plan, selection: invocation.tables)
    return FirstCatchUpWait.wait(until: end, wakeup, interrupts, pace: plan.checks.isEmpty ? nil : Self.pace) {
      let readings = reader.readings(of: watch.store, now: SystemClock.now())
      return plan.checks.allSatisfy { $0.isDecided(by: readings) }
    }
  }

  private func isReady(conditions: Bool) -> Bool {
    guard conditions, !invocation.conditions.isEmpty else { return !watch.hasSources || watch.store.isSettled }
    let now = SystemClock.now()
    guard missing(at: now).isEmpty else { return false }
    let reader = SnapshotReader(plan: plan, selection: invocation.tables)
    let readings = reader.readings(of: watch.store, now: now)
    return invocation.conditions.allSatisfy { $0.holds(readings) == true }
  }

  /// Required sources that are not complete.
  private func missing(at now: Timestamp) -> [SourceStatus] {
    watch.store.sources.filter { !$0.isWhole(at: now) && plan.isRequired($0) }
  }

  private func code(_ checks: [CheckResult], _ end: FirstCatchUpWait.End, at now: Timestamp) -> Int32 {
    if !invocation.conditions.isEmpty {
      if case .timeout = end { return notInTime() }
      return ExitCode.fine
    }
    return CheckState.worst(checks.map(\.state) + (missing(at: now).isEmpty ? [] : [.unknown])).rawValue
  }

  private func notInTime() -> Int32 {
    let readings = SnapshotReader(plan: plan, selection: invocation.tables)
      .readings(of: watch.store, now: SystemClock.now())
    for condition in invocation.conditions where condition.holds(readings) != true {
      let measured = condition.measure.taken(from: readings)
      Output.complain("--until \(condition.text): timeout; \(condition.measure.text) is \(measured.phrase)")
    }
    return ExitCode.critical
  }
}

/// A sink before a store that blocks the sources while a report is made, so that all of its parts are from one instant. Thread-safe.
final class GatedSink: ObservationSink {
  private let next: any ObservationSink
  private let gate = Mutex(())

  init(_ next: any ObservationSink) { self.next = next }

  var wantsOriginals: Bool { next.wantsOriginals }

  /// Blocks all observations while `body` runs.
  func closed<Result>(_ body: () throws -> Result) rethrows -> Result {
    try gate.withLock { _ in try body() }
  }

  func accept(_ batch: EventBatch) { gate.withLock { _ in next.accept(batch) } }
  func accept(_ status: SourceStatus) { gate.withLock { _ in next.accept(status) } }
  func accept(_ reading: LagSample) { gate.withLock { _ in next.accept(reading) } }
  func accept(_ reading: LockSample) { gate.withLock { _ in next.accept(reading) } }
  func accept(_ reading: ServiceSample) { gate.withLock { _ in next.accept(reading) } }
  func accept(_ sample: TraceSample) { gate.withLock { _ in next.accept(sample) } }
  func accept(_ sample: PodSample) { gate.withLock { _ in next.accept(sample) } }
  func accept(_ actions: [ActionRecord]) { gate.withLock { _ in next.accept(actions) } }
}
