import Collectors
import Configuration
import Core
import Reports
import TUI

/// `sagatop report SAGA` or `--since AGE`: reads what there is, writes what happened, ends.
struct ReportCommand {
  let invocation: Invocation
  let settings: Settings

  func run() throws(ConfigurationError) -> Int32 {
    let bell: Bell
    do throws(TerminalError) { bell = try Bell() } catch { throw ConfigurationError([error.message]) }
    let watch = try Watch(settings) { bell.ring() }
    watch.start()
    let isComplete = FirstReading.wait(for: watch.store, bell, atMost: invocation.timeout)
    let text = invocation.words.first.map { incident($0, watch.store) } ?? period(watch.store)
    watch.stop()
    if !isComplete { FirstReading.complainOfMissing(in: watch.store) }
    guard let text else {
      Output.complain("no saga has the id `\(invocation.words[0])`\(isComplete ? "" : " in what was read")")
      return isComplete ? ExitCode.noInput : ExitCode.unknown
    }
    let code = OutputTarget(path: invocation.output).write(text)
    return code == ExitCode.fine && !isComplete ? ExitCode.unknown : code
  }

  private func incident(_ id: String, _ store: Store) -> String? {
    let now = SystemClock.now()
    guard let handle = store.find(id: id), let saga = store.saga(handle, now: now),
      let diagnosis = store.diagnosis(handle, now: now)
    else { return nil }
    return invocation.format == .svg
      ? IncidentSVG.text(saga, diagnosis) : IncidentMarkdown.text(saga, diagnosis, context: settings.context)
  }

  private func period(_ store: Store) -> String? {
    let now = SystemClock.now()
    let period = Period(store.snapshot(now: now), since: now - (invocation.overrides.since ?? .zero))
    return invocation.format == .svg ? PeriodReport.svg(period) : PeriodReport.markdown(period)
  }
}
