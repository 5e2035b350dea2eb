import Core

/// How the lists of nodes and of the members of consumer groups are looked at.
package struct NodeListState: OrderedList, Sendable, Equatable {
  package static let orders = NodeOrder.allCases

  /// Narrows both lists.
  package var filter = ListFilter()
  package var order = NodeOrder.severity
  package var isReversed = false
  package var cursor = ListCursor<String>()
  package var members = ListCursor<String>()
  /// The members of the consumer groups are in front, not the nodes.
  package var showsMembers = false

  package init() {}

  func query(height: Int) -> NodeQuery {
    let window = cursor.window(height: height)
    return NodeQuery(
      filter: filter.filter, order: order, isReversed: isReversed, offset: window.offset, limit: window.limit,
      following: cursor.id)
  }

  func memberQuery(height: Int) -> MemberQuery {
    let window = members.window(height: height)
    return MemberQuery(filter: filter.filter, offset: window.offset, limit: window.limit, following: members.id)
  }
}
