import Core

/// How one list of sagas is looked at.
package struct SagaListState: OrderedList, Sendable, Equatable {
  /// As the columns stand, after the order of severity.
  package static let orders: [SagaOrder] = [
    .severity, .id, .type, .status, .step, .age, .node, .updated, .started,
  ]

  package var filter = ListFilter()
  package var order = SagaOrder.severity
  package var isReversed = false
  package var cursor = ListCursor<SagaHandle>()
  /// Rows that the cursor passes are marked.
  package var isMarkingRange = false

  package init() {}

  func query(height: Int) -> SagaQuery {
    let window = cursor.window(height: height)
    return SagaQuery(
      filter: filter.filter, order: order, isReversed: isReversed, offset: window.offset, limit: window.limit,
      following: cursor.id)
  }
}
