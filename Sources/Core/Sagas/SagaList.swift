package typealias SagaQuery = ListQuery<SagaOrder, SagaHandle>
package typealias SagaList = ListWindow<SagaRow>

package enum SagaOrder: String, ListOrder {
  /// What needs a person first: failed, stuck, compensating, running, then the ended. Rows stand still: among the active ones the
  /// longest there is first, among the ended the latest.
  case severity
  case updated
  case started
  case age
  case id
  case type
  case status
  case step
  case node

  package static let standard = SagaOrder.severity
}

extension SagaRow: ListRow {
  package var rowID: SagaHandle { handle }
}
