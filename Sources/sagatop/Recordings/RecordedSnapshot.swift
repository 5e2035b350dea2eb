import Configuration
import Core
import Reports

/// `sagatop snapshot --from FILE`: the same of a recording, at any of its instants.
struct RecordedSnapshot {
  let invocation: Invocation
  let settings: Settings

  func run() throws -> Int32 {
    let plan = try SnapshotPlan(invocation, settings)
    let (store, instant) = try ReplayStore.filled(invocation, settings)
    let renderer = SnapshotRenderer(invocation: invocation, settings: settings, plan: plan)
    let text = try renderer.text(of: store, now: instant)
    try Delivery(path: invocation.output, interrupts: try Interrupts()).finish(text.text)
    FirstCatchUpWait.complainOfMissing(in: store, at: instant)
    let isMissing = store.sources.contains { !$0.isWhole(at: instant) && plan.isRequired($0) }
    return CheckState.worst(text.checks.map(\.state) + (isMissing ? [.unknown] : [])).rawValue
  }
}
