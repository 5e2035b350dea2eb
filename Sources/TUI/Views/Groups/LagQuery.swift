import Core

/// Which groups or topics a list shows, in which order.
package struct LagQuery: Sendable, Equatable {
  /// Groups that are read to be sorted or filtered here; the worst come first.
  static let mostGroups = 10_000
  /// Rows that are read beyond the window, in which a row that has moved is found again.
  private static let margin = 200

  package var filter = Filter.all
  /// Of groups only: topics stay as they are read.
  package var order = GroupOrder.severity
  package var isReversed = false

  /// Groups are read in this order: only the first ones are needed.
  var isAsRead: Bool { filter.matchesAll && order == .severity && !isReversed }

  /// Groups as far as the window needs them, at least so many, with `following` among them.
  func read(_ count: Int, following: String?, from source: any ContentSource, now: Timestamp) -> LagView {
    guard isAsRead else { return source.lag(matching: "", limit: Self.mostGroups, now: now) }
    let view = source.lag(matching: "", limit: count + Self.margin, now: now)
    guard let following, view.groups.count < view.total, !view.groups.contains(where: { $0.name == following }) else {
      return view
    }
    return source.lag(matching: "", limit: Self.mostGroups, now: now)
  }

  package func groups(of view: LagView) -> [GroupRow] {
    let matching = filter.matchesAll ? view.groups : view.groups.filter { filter.matches($0) }
    return order.sorted(matching, isReversed: isReversed)
  }

  package func topics(of view: LagView) -> [TopicRow] {
    filter.matchesAll ? view.topics : view.topics.filter { filter.matches($0) }
  }
}

extension Array {
  /// The largest first, or reversed the smallest; what has no key comes last either way. Equal ones stay as they are.
  func sortedLargestFirst(isReversed: Bool, by key: (Element) -> Double?) -> [Element] {
    let keyed = enumerated().map { (key: key($0.element), place: $0.offset) }
    let sorted = keyed.sorted { left, right in
      guard let a = left.key, let b = right.key else {
        return left.key == nil && right.key == nil ? left.place < right.place : left.key != nil
      }
      return a == b ? left.place < right.place : isReversed ? a < b : a > b
    }
    return sorted.map { self[$0.place] }
  }
}
