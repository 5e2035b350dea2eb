import Collectors
import Configuration
import Core
import Reports

/// `sagatop snapshot --from FILE`: a snapshot of a recording, at any time within it.
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

/// The system and context named by a recording, used if the command line and the configuration name none.
enum RecordedSystem {
  /// Adds the recording's names to the overrides. Unchanged if no recording is read.
  static func laid(under invocation: Invocation) throws(CommandFailure) -> Overrides {
    var overrides = invocation.overrides
    guard let path = files(of: invocation).first else { return overrides }
    do throws(RecordingError) {
      let header = try RecordingPlayer.header(of: path)
      overrides.recordedSystem = header.system
      overrides.recordedContext = header.context
    } catch {
      throw CommandFailure(error.description, code: ExitCode.noInput)
    }
    return overrides
  }

  /// The recordings to read, the oldest first.
  static func files(of invocation: Invocation) -> [String] {
    invocation.command == .replay ? invocation.words : invocation.recording.files
  }
}
