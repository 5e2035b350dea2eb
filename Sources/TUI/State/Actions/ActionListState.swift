import Core

/// How the list of actions is looked at.
package struct ActionListState: Sendable, Equatable {
  package var filter = ListFilter()
  package var cursor = ListCursor<ActionRecord.ID>()

  package init() {}

  func query(height: Int) -> ActionQuery {
    let window = cursor.window(height: height)
    return ActionQuery(
      filter: filter.filter, offset: window.offset, limit: window.limit, following: cursor.id)
  }
}
