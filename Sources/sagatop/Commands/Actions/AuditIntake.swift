import Actions
import Core

/// What the audit log tells, for commands that only read: who asked for what. Belongs to one thread.
final class AuditIntake {
  private let store: Store
  private var reader: AuditReader?
  private var complaint: String?

  /// Without a home there is no log.
  init(_ store: Store) {
    self.store = store
    reader = ActionWiring.auditPath(Environment.all).map { AuditReader(path: $0) }
  }

  /// Takes in what was added since the last time. A log that cannot be read leaves its part out, which is said once.
  func read() {
    switch reader?.read() {
    case .success(let records): store.accept(records)
    case .failure(let error):
      store.note(auditProblem: error.message)
      if complaint != error.message { Output.complain(error.message) }
      complaint = error.message
    case nil: return
    }
  }
}
