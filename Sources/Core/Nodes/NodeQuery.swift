/// Which nodes a list shows, in which order.
package struct NodeQuery: Sendable, Equatable {
  package enum Order: String, CaseIterable, Sendable {
    /// The worst first, then by name.
    case verdict
    case node
    case sagas
    case steps
    case failed
    case share
  }

  package var filter: Filter
  package var order: Order
  package var isReversed: Bool
  package var offset: Int
  package var limit: Int
  /// When set, the window moves so that it holds the node of this name, if it still matches.
  package var following: String?

  package init(
    filter: Filter = .all, order: Order = .verdict, isReversed: Bool = false, offset: Int = 0, limit: Int = 50,
    following: String? = nil
  ) {
    self.filter = filter
    self.order = order
    self.isReversed = isReversed
    self.offset = offset
    self.limit = limit
    self.following = following
  }
}
