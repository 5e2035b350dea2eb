import Core

/// Which groups or topics a list shows, in which order.
package struct LagQuery: Sendable, Equatable {
  /// Groups that are read to be sorted or filtered here; the worst come first.
  static let mostGroups = 10_000
  /// Rows that are read beyond the window, in which a row that has moved is found again.
  private static let margin = 200

  package var filter = Filter.all
  /// Of groups only: topics stand as they are read.
  package var order = GroupOrder.severity
  package var isReversed = false
  package var offset = 0
  package var limit = 50
  /// The window moves so that it holds this row, if it still matches.
  package var following: String?

  /// Groups are read in this order: only those up to the window are needed.
  private var isAsRead: Bool { filter.matchesAll && order == .severity && !isReversed }

  /// What the window needs of the groups; all lists are in it, its groups no further than that.
  func read(from source: some ContentSource, now: Timestamp) -> LagView {
    guard isAsRead else { return source.lag(matching: "", limit: Self.mostGroups, now: now) }
    let view = source.lag(matching: "", limit: offset + limit + Self.margin, now: now)
    guard let following, view.groups.count < view.total, !view.groups.contains(where: { $0.name == following }) else {
      return view
    }
    return source.lag(matching: "", limit: Self.mostGroups, now: now)
  }

  /// The window of a view that has all groups, or that was read for it.
  package func groups(of view: LagView) -> ListPart<GroupRow> {
    let matching = filter.matchesAll ? view.groups : view.groups.filter { filter.matches($0) }
    var part = ListPart(
      order.sorted(matching, isReversed: isReversed), following: following, offset: offset, limit: limit)
    if isAsRead { part.matching = view.total }
    return part
  }

  package func topics(of view: LagView) -> ListPart<TopicRow> {
    let matching = filter.matchesAll ? view.topics : view.topics.filter { filter.matches($0) }
    return ListPart(matching, following: following, offset: offset, limit: limit)
  }
}

extension GroupRow: NamedRow {
  package var rowName: String { name }
}

extension TopicRow: NamedRow {
  package var rowName: String { topic }
}
