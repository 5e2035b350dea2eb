import Actions
import Clients
import Collectors
import Core
import Synchronization

/// Takes in what the audit log has, of former sessions and of others that write to it now, without holding up the screen.
final class AuditRefresh {
  /// What both threads know.
  private final class Progress: Sendable {
    let isReading = Atomic(false)
  }

  /// Between two looks while somebody looks at the actions.
  private static let interval = Duration.seconds(1)

  private let gate: ActionExecutor
  private let thread = WorkerThread()
  private let progress = Progress()
  private var last: Timestamp?

  init(_ gate: ActionExecutor) {
    self.gate = gate
  }

  /// Begins a look, unless one is under way or was just now. Main thread only.
  func begin(now: Timestamp) {
    if let last, now - last < Self.interval { return }
    guard !progress.isReading.exchange(true, ordering: .acquiringAndReleasing) else { return }
    last = now
    // The one before has ended: what it left is freed.
    thread.join(patience: .seconds(1))
    let hasStarted = thread.start { [gate, progress] in
      gate.readAudit()
      progress.isReading.store(false, ordering: .releasing)
    }
    if !hasStarted { progress.isReading.store(false, ordering: .releasing) }
  }
}
