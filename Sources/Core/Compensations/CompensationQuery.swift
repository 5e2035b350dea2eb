/// Which roll-backs a list shows, in which order.
package struct CompensationQuery: Sendable, Equatable {
  package enum Order: String, CaseIterable, Sendable {
    /// Failed ones first, then those under way, the stuck before the others, then the ended ones, newest first.
    case trouble
    case id
    case started
    /// The longest first.
    case duration
    case step
    case error
  }

  package var filter: Filter
  package var order: Order
  package var isReversed: Bool
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
