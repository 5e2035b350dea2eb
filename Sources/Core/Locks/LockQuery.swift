/// Which locks a list shows, in which order.
package struct LockQuery: Sendable, Equatable {
  package enum Order: String, CaseIterable, Sendable {
    /// The worst first, then the oldest.
    case severity
    case key
    case age
    case ttl
    case waiters
  }

  package var filter: Filter
  package var order: Order
  package var isReversed: Bool
  package var offset: Int
  package var limit: Int
  /// The window moves so that it holds this lock, if it still matches.
  package var following: LockKey?

  package init(
    filter: Filter = .all, order: Order = .severity, isReversed: Bool = false, offset: Int = 0, limit: Int = 50,
    following: LockKey? = nil
  ) {
    self.filter = filter
    self.order = order
    self.isReversed = isReversed
    self.offset = max(0, offset)
    self.limit = max(0, limit)
    self.following = following
  }
}
