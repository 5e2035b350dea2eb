import Core

/// How the list of events is looked at.
package struct EventListState: Sendable, Equatable {
  package var filter = ListFilter()
  package var cursor = ListCursor<EventID>()
  /// Of the window that was read last: by how much these grew says how far the rows moved since.
  package var received = 0
  package var matching = 0

  package init() {}
}
