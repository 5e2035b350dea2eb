import Core

@testable import Actions

extension AuditLog {
  /// An intent of a request that nothing is done with.
  func intend(_ record: ActionRecord) throws(NotIntended) -> DurableIntent {
    try intend(record, PreparedRequest(call: .command([]), idempotencyKey: record.idempotencyKey, timeout: .seconds(1)))
  }
}
