import Core

/// How the lists of nodes and of the members of consumer groups are looked at.
package struct NodeListState: OrderedList, Sendable, Equatable {
  package static let orders = NodeQuery.Order.allCases

  /// Narrows both lists.
  package var filter = ListFilter()
  package var order = NodeQuery.Order.verdict
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

  func memberQuery(height: Int) -> NodeQuery {
    let window = members.window(height: height)
    return NodeQuery(filter: filter.filter, offset: window.offset, limit: window.limit, following: members.id)
  }
}

extension NodeListView {
  var ids: [String] { rows.map(\.node) }

  func window(following followed: String?, offset wanted: Int, limit: Int) -> NodeListView {
    var part = self
    (part.rows, part.offset) = RowWindow.part(of: rows, base: offset, offset: wanted, limit: limit) {
      $0.node == followed
    }
    return part
  }
}

extension MemberListView {
  var ids: [String] { rows.map(\.id) }

  func window(following followed: String?, offset wanted: Int, limit: Int) -> MemberListView {
    var part = self
    (part.rows, part.offset) = RowWindow.part(of: rows, base: offset, offset: wanted, limit: limit) {
      $0.id == followed
    }
    return part
  }
}
