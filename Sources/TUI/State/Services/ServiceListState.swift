/// How the list of services is looked at.
package struct ServiceListState: Sendable, Equatable {
  package var filter = ListFilter()
  package var cursor = ListCursor<String>()

  package init() {}

  func query(height: Int) -> ServiceQuery {
    let window = cursor.window(height: height)
    return ServiceQuery(
      filter: filter.filter, offset: window.offset, limit: window.limit, following: cursor.id)
  }
}
