import Core

/// How the lists of consumer groups and topics are looked at.
package struct LagListState: OrderedList, Sendable, Equatable {
  package static let orders = GroupOrder.allCases

  /// Narrows both lists.
  package var filter = ListFilter()
  package var order = GroupOrder.severity
  package var isReversed = false
  package var groups = ListCursor<String>()
  package var topics = ListCursor<String>()
  /// The topics are in front, not the groups.
  package var showsTopics = false

  package init() {}

  func groupQuery(height: Int) -> GroupQuery {
    let window = groups.window(height: height)
    return GroupQuery(
      filter: filter.filter, order: order, isReversed: isReversed, offset: window.offset, limit: window.limit,
      following: groups.id)
  }

  func topicQuery(height: Int) -> TopicQuery {
    let window = topics.window(height: height)
    return TopicQuery(filter: filter.filter, offset: window.offset, limit: window.limit, following: topics.id)
  }
}
