import Configuration
import Core
import Reports
import TUI
import Text

/// `sagatop ready`: reads what there is, and says whether it is safe to deploy. The exit code is that of a check.
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
    // Interrupted, or not written.
    return code == ExitCode.fine || code == ExitCode.unknown ? state.rawValue : code
  }

  private func text(_ health: FlowHealth, _ causes: [CauseGroup], _ now: Timestamp) -> String {
    guard invocation.format == .json else { return Sanitizer.sanitized(health.readiness.sentence) + "\n" }
    return JSONWriter.write(
      HealthJSON.document(health, causes: causes, context: settings.context, now: now), isPretty: true) + "\n"
  }
}
