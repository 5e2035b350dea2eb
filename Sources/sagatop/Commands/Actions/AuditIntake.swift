import Actions
import Core

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
