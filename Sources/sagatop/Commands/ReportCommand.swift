import Configuration
import Core
import Reports

/// `sagatop report SAGA` or `--since AGE`: reads what there is, writes what happened, ends.
struct ReportCommand {
  let invocation: Invocation
  let settings: Settings

  func run() throws -> Int32 {
    try FirstCatchUpWait.answer(invocation, settings) { store, now, _ in
      try invocation.words.first.map { try incident($0, store, now) } ?? period(store, now)
    }
  }

  private func incident(_ id: String, _ store: Store, _ now: Timestamp) throws -> String? {
    guard let handle = try store.saga(named: id, now: now), let saga = store.saga(handle, now: now),
      let diagnosis = store.diagnosis(handle, now: now)
    else { return nil }
    return invocation.format == .svg
      ? IncidentSVG.text(saga, diagnosis) : IncidentMarkdown.text(saga, diagnosis, context: settings.context)
  }

  private func period(_ store: Store, _ now: Timestamp) -> String? {
    let period = Period(
      store.snapshot(now: now), actions: store.actions(ActionQuery(limit: .max), now: now).rows,
      since: now - (invocation.overrides.since?.duration ?? .zero))
    return invocation.format == .svg ? PeriodReport.svg(period) : PeriodReport.markdown(period)
  }
}
