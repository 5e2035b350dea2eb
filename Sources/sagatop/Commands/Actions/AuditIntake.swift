import Actions
import Clients
import Collectors
import Core
import Synchronization

/// What the audit log tells, for commands that only read: who asked for what. Belongs to one thread.
final class AuditIntake {
  private let store: Store
  private let sink: any ObservationSink
  private let context: String?
  private var reader: AuditReader?
  private var complaint: String?

  /// Without a home there is no log.
  convenience init(_ store: Store) { self.init(store, sink: store, context: nil) }

  /// `sink` takes what was read in place of the store; of one context only, where that is named.
  init(_ store: Store, sink: any ObservationSink, context: String?) {
    self.store = store
    self.sink = sink
    self.context = context
    reader = ActionWiring.auditPath(Environment.all).map { AuditReader(path: $0) }
  }

  /// Takes in what was added since the last time. A log that cannot be read leaves its part out, which is said once.
  func read() {
    switch reader?.read() {
    case .success(let records):
      let meant = records.filter { context == nil || $0.context == context }
      if !meant.isEmpty { sink.accept(meant) }
    case .failure(let error):
      store.note(auditProblem: error.message)
      if complaint != error.message { Output.complain(error.message) }
      complaint = error.message
    case nil: return
    }
  }
}

/// Takes in what the audit log has, of former sessions and of others that write to it now, without holding up the screen.
final class AuditRefresh {
  /// What both threads know.
  private final class Progress: Sendable {
    let isReading = Atomic(false)
  }

  /// Interval between two readings of the log while the actions view is open.
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
