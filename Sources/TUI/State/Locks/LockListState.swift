import Core

/// How the list of locks is looked at.
package struct LockListState: OrderedList, Sendable, Equatable {
  package static let orders = LockOrder.allCases

  package var filter = ListFilter()
  package var order = LockOrder.severity
  package var isReversed = false
  package var cursor = ListCursor<LockKey>()

  package init() {}

  func query(height: Int) -> LockQuery {
    let window = cursor.window(height: height)
    return LockQuery(
      filter: filter.filter, order: order, isReversed: isReversed, offset: window.offset, limit: window.limit,
      following: cursor.id)
  }
}
