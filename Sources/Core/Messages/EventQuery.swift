/// Which of the latest messages a list shows, newest first.
package struct EventQuery: Sendable, Equatable {
  package var filter: Filter
  package var offset: Int
  package var limit: Int

  package init(filter: Filter = .all, offset: Int = 0, limit: Int = 50) {
    self.filter = filter
    self.offset = offset
    self.limit = limit
  }
}
