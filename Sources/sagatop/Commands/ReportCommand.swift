import Configuration
import Core
import Reports

/// `sagatop report SAGA` or `--since AGE`: reads what there is, writes what happened, ends.
struct ReportCommand {
  let invocation: Invocation
  let settings: Settings

  func run() throws -> Int32 {
    try FirstCatchUpWait.answer(invocation, settings, isReady: hasTraces) { store, now, _ in
      try invocation.words.first.map { try incident($0, store, now) } ?? period(store, now)
    }
  }

  /// The trace store has answered for the saga's traces, where it is asked at all.
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
