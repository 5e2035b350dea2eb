import Core

/// How the list of locks is looked at.
package struct LockListState: OrderedList, Sendable, Equatable {
  package static let orders = LockQuery.Order.allCases

  package var filter = ListFilter()
  package var order = LockQuery.Order.severity
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

extension LockListView {
  var ids: [LockKey] { rows.map(\.id) }

  /// A part of the rows: from `offset`, or moved as little as needed to hold `followed`.
  func window(following followed: LockKey?, offset wanted: Int, limit: Int) -> LockListView {
    var start = wanted
    if let place = rows.firstIndex(where: { $0.id == followed }).map({ offset + $0 }) {
      start = place < start ? place : max(start, place - limit + 1)
    }
    start = max(offset, min(start, offset + rows.count - limit))
    var part = self
    part.offset = start
    part.rows = Array(rows.dropFirst(start - offset).prefix(limit))
    part.matching = min(matching, offset + rows.count)
    return part
  }
}
