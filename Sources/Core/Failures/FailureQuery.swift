/// Which failure patterns a list shows, in which order.
package struct FailureQuery: Sendable, Equatable {
  package enum Order: String, CaseIterable, Sendable {
    /// The most first.
    case count
    case rate
    case last
    case first
    case pattern
  }

  package var filter: Filter
  package var order: Order
  package var isReversed: Bool
  package var offset: Int
  package var limit: Int
  /// When set, the window moves so that it holds this pattern, if it still matches.
  package var following: FailurePatternID?

  package init(
    filter: Filter = .all, order: Order = .count, isReversed: Bool = false, offset: Int = 0, limit: Int = 50,
    following: FailurePatternID? = nil
  ) {
    self.filter = filter
    self.order = order
    self.isReversed = isReversed
    self.offset = offset
    self.limit = limit
    self.following = following
  }
}
