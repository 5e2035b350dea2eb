import Configuration
import Core
import Reports
import TUI
import Text

/// `sagatop report SAGA` or `--since AGE`: reads the system, writes a report, and exits.
struct ReportCommand {
  let invocation: Invocation
  let settings: Settings

  func run() throws -> Int32 {
    try FirstCatchUpWait.answer(invocation, settings, isReady: hasTraces) { store, now, _ in
      try invocation.words.first.map { try incident($0, store, now) } ?? period(store, now)
    }
  }

  /// Whether the requested traces have arrived. True if there is no trace store.
  private func hasTraces(_ store: Store, _ now: Timestamp) -> Bool {
    let handle = invocation.words.first.flatMap { try? store.saga(named: $0, now: now) }
    return handle.flatMap { store.traces(of: $0, asks: true, now: now) }?.isSettled ?? true
  }

  private func incident(_ id: String, _ store: Store, _ now: Timestamp) throws -> String? {
    guard let handle = try store.saga(named: id, now: now), let saga = store.saga(handle, now: now),
      let diagnosis = store.diagnosis(handle, now: now)
    else { return nil }
    if invocation.format == .svg { return IncidentSVG.text(saga, diagnosis) }
    let services = Set(saga.row.steps.compactMap(\.service)).sorted()
    return IncidentMarkdown.text(
      saga, diagnosis, context: settings.context, traces: store.traces(of: handle, asks: false, now: now),
      pods: services.compactMap { store.pods(of: $0, now: now) })
  }

  private func period(_ store: Store, _ now: Timestamp) -> String? {
    let period = Period(
      store.snapshot(now: now), actions: store.actions(ActionQuery(limit: .max), now: now).rows,
      since: now - (invocation.overrides.since?.duration ?? .zero))
    return invocation.format == .svg ? PeriodReport.svg(period) : PeriodReport.markdown(period)
  }
}

/// `sagatop ready`: reads the system and prints whether a deployment is safe. The exit status is that of a check.
struct ReadyCommand {
  let invocation: Invocation
  let settings: Settings

  func run() throws -> Int32 {
    var state = CheckState.unknown
    let code = try FirstCatchUpWait.answer(invocation, settings) { store, now, _ in
      let health = FlowHealth(
        CheckInputs(
          now: now, sources: store.sources, overview: store.overview(limit: 0, now: now),
          lag: store.groups(GroupQuery(limit: .max), now: now), locks: store.locks(LockQuery(limit: .max), now: now),
          services: store.services(ServiceQuery(limit: .max), now: now)))
      state = health.readiness.state
      return text(health, store.causes(now: now), now)
    }
    // Another exit status means interrupted or not written.
    return code == ExitCode.fine || code == ExitCode.unknown ? state.rawValue : code
  }

  private func text(_ health: FlowHealth, _ causes: [CauseGroup], _ now: Timestamp) -> String {
    guard invocation.format == .json else { return Sanitizer.sanitized(health.readiness.sentence) + "\n" }
    return JSONWriter.write(
      HealthJSON.document(health, causes: causes, context: settings.context, now: now), isPretty: true) + "\n"
  }
}

/// `sagatop why SAGA`: reads the system, prints the causes of the saga's state, and exits.
struct WhyCommand {
  let invocation: Invocation
  let settings: Settings

  func run() throws -> Int32 {
    try FirstCatchUpWait.answer(invocation, settings, isReady: hasTraces) { store, now, isComplete in
      let handle = try invocation.words.first.flatMap { try store.saga(named: $0, now: now) }
      let traces = handle.flatMap { store.traces(of: $0, asks: false, now: now) }
      let diagnosis = handle.flatMap { store.diagnosis($0, now: now) }
      let earlier = handle.flatMap { store.saga($0, now: now) }?.earlier ?? []
      return diagnosis.map { text($0, earlier, traces, isComplete: isComplete) }
    }
  }

  /// Whether the requested traces have arrived. True if there is no trace store.
  private func hasTraces(_ store: Store, _ now: Timestamp) -> Bool {
    let handle = invocation.words.first.flatMap { try? store.saga(named: $0, now: now) }
    return handle.flatMap { store.traces(of: $0, asks: true, now: now) }?.isSettled ?? true
  }

  private func text(
    _ diagnosis: Diagnosis, _ earlier: [RoundView], _ traces: SagaTraces?, isComplete: Bool
  ) -> String {
    guard invocation.format == .json else { return WhyText.text(diagnosis) }
    let document = WhyJSON.document(
      diagnosis, context: settings.context, isComplete: isComplete, earlier: earlier, traces: traces)
    return JSONWriter.write(document, isPretty: true) + "\n"
  }
}
