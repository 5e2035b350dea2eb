/// Which sagas a list shows, in which order.
package struct SagaQuery: Sendable, Equatable {
  package enum Order: String, CaseIterable, Sendable {
    /// What needs a person first: failed, stuck, compensating, running, then the ended. Rows stand still: among the active
    /// ones the longest there is first, among the ended the latest.
    case trouble
    case updated
    case started
    case age
    case id
    case type
    case status
    case step
    case node
  }

  package var filter: Filter
  package var order: Order
  package var isReversed: Bool
  /// The first row wanted, counted from 0, and how many at most.
  package var offset: Int
  package var limit: Int
  /// When set, the window moves so that it holds this saga, if it still matches.
  package var following: SagaHandle?

  package init(
    filter: Filter = .all, order: Order = .trouble, isReversed: Bool = false, offset: Int = 0, limit: Int = 50,
    following: SagaHandle? = nil
  ) {
    self.filter = filter
    self.order = order
    self.isReversed = isReversed
    self.offset = offset
    self.limit = limit
    self.following = following
  }
}
