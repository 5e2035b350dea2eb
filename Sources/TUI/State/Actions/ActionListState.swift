import Core

/// How the list of actions is looked at.
package struct ActionListState: Sendable, Equatable {
  package var filter = ListFilter()
  package var cursor = ListCursor<ActionRecord.ID>()

  package init() {}

  func query(height: Int) -> ActionQuery {
    let window = cursor.window(height: height)
    return ActionQuery(pattern: filter.text, offset: window.offset, limit: window.limit, following: cursor.id)
  }
}

/// A window of the list of actions that moves with the one under the cursor.
package struct ActionQuery: Sendable, Equatable {
  /// Rows around the window in which the followed one is looked for: new actions push it down.
  private static let margin = 200

  package var pattern: String
  package var offset: Int
  package var limit: Int
  package var following: ActionRecord.ID?

  func read(from source: some ContentSource) -> ActionListView {
    guard following != nil else { return source.actions(matching: pattern, offset: offset, limit: limit) }
    let start = max(0, offset - Self.margin)
    let wide = source.actions(matching: pattern, offset: start, limit: limit + 2 * Self.margin)
    return wide.window(following: following, offset: offset, limit: limit)
  }
}

extension ActionListView {
  var ids: [ActionRecord.ID] { rows.map(\.id) }

  /// A part of the rows: from `offset`, or moved as little as needed to hold `followed`.
  func window(following followed: ActionRecord.ID?, offset wanted: Int, limit: Int) -> ActionListView {
    var start = wanted
    if let place = rows.firstIndex(where: { $0.id == followed }).map({ offset + $0 }) {
      start = place < start ? place : max(start, place - limit + 1)
    }
    start = max(offset, min(start, offset + rows.count - limit))
    var part = self
    part.offset = start
    part.rows = Array(rows.dropFirst(start - offset).prefix(limit))
    return part
  }
}
