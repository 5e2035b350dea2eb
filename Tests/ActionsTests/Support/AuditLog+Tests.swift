import Core

@testable import Actions

extension AuditLog {
  /// Records an intent whose request is never sent.
  func intend(_ record: ActionRecord) throws(NotIntended) -> DurableIntent {
    try intend(record, PreparedRequest(call: .command([]), idempotencyKey: record.idempotencyKey, timeout: .seconds(1)))
  }
}
