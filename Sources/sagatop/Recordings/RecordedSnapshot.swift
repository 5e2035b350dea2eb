import Collectors
import Configuration
import Core
import Reports

/// `sagatop snapshot --from FILE`: the same of a recording, at any of its instants.
struct RecordedSnapshot {
  let invocation: Invocation
  let settings: Settings

  func run() throws -> Int32 {
    let plan = try SnapshotPlan(invocation, settings)
    let interrupts = try Interrupts()
    interrupts.endProgram(within: .milliseconds(800), timeout: invocation.recordingTimeout)
    let (store, instant) = try ReplayStore.filled(invocation, settings)
    let renderer = SnapshotRenderer(invocation: invocation, settings: settings, plan: plan)
    let end = SteadyClock.now() + invocation.timeout
    var checks: [CheckResult] = []
    try Delivery(path: invocation.output, interrupts: interrupts).finish { part in
      checks = try renderer.write(store, now: instant, isOver: { SteadyClock.now() >= end }, to: part)
    }
    FirstCatchUpWait.complainOfMissing(in: store, at: instant)
    let isMissing = store.sources.contains { !$0.isWhole(at: instant) && plan.isRequired($0) }
    return CheckState.worst(checks.map(\.state) + (isMissing ? [.unknown] : [])).rawValue
  }
}
