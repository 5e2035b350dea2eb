import Actions
import Clients
import Collectors
import Core
import Synchronization

/// Reads the audit log for commands that only read. Used by one thread only.
final class AuditIntake {
  private let store: Store
  private let sink: any ObservationSink
  private let context: String?
  private var reader: AuditReader?
  private var complaint: String?

  /// If there is no state folder, no log is read.
  convenience init(_ store: Store) { self.init(store, sink: store, context: nil) }

  /// `sink` receives the records instead of the store. If `context` is given, only its records are read.
  init(_ store: Store, sink: any ObservationSink, context: String?) {
    self.store = store
    self.sink = sink
    self.context = context
    reader = ActionWiring.auditPath(Environment.all).map { AuditReader(path: $0) }
  }

  /// Reads the lines added since the last call. A read error is printed once.
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

/// Reads the audit log on a background thread: records of former sessions and of other processes.
final class AuditRefresh {
  /// State shared by both threads.
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

  /// Starts a reading, unless one is running or the last one started less than `interval` ago. Main thread only.
  func begin(now: Timestamp) {
    if let last, now - last < Self.interval { return }
    guard !progress.isReading.exchange(true, ordering: .acquiringAndReleasing) else { return }
    last = now
    // The previous thread has ended; joining frees its resources.
    thread.join(patience: .seconds(1))
    let hasStarted = thread.start { [gate, progress] in
      gate.readAudit()
      progress.isReading.store(false, ordering: .releasing)
    }
    if !hasStarted { progress.isReading.store(false, ordering: .releasing) }
  }
}
