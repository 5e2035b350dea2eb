import Core

/// How the list of services is looked at.
package struct ServiceListState: OrderedList, Sendable, Equatable {
  package static let orders = ServiceOrder.allCases

  package var filter = ListFilter()
  package var order = ServiceOrder.severity
  package var isReversed = false
  package var cursor = ListCursor<String>()

  package init() {}

  func query(height: Int) -> ServiceQuery {
    let window = cursor.window(height: height)
    return ServiceQuery(
      filter: filter.filter, order: order, isReversed: isReversed, offset: window.offset, limit: window.limit,
      following: cursor.id)
  }
}
