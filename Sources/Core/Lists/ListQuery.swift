/// Which rows of a list are read, in which order. Every list has this query, with its own orders and its own identity of a row.
package struct ListQuery<Order: ListOrder, ID: Hashable & Sendable>: Sendable, Equatable {
  package var filter: Filter
  package var order: Order
  package var isReversed: Bool
  /// The first row wanted, counted from 0, and how many at most. `limit` is never negative.
  package var offset: Int
  package var limit: Int
  /// When set, the window moves so that it holds this row, if it still matches.
  package var following: ID?

  package init(
    filter: Filter = .all, order: Order = .standard, isReversed: Bool = false, offset: Int = 0, limit: Int = 50,
    following: ID? = nil
  ) {
    self.filter = filter
    self.order = order
    self.isReversed = isReversed
    self.offset = offset
    self.limit = max(0, limit)
    self.following = following
  }

  /// The rows are wanted as they are kept: nothing but the window has to be looked at.
  var isPlain: Bool { order == .standard && !isReversed && filter.matchesAll && following == nil }

  /// The window of rows that match and are sorted, out of `total`.
  func window<Row>(of matching: [Row], total: Int, id: (Row) -> ID) -> ListWindow<Row> {
    let place = following.flatMap { followed in matching.firstIndex { id($0) == followed } }
    let start = ListPlace.start(offset, limit: limit, count: matching.count, followed: place)
    return ListWindow(
      Array(matching.dropFirst(start).prefix(limit)), offset: start, matching: matching.count, total: total)
  }
}

/// The orders of a list whose rows are all made before they are sorted.
package protocol RowOrder: ListOrder {
  associatedtype Row: ListRow
  /// Not asked for in the standard order.
  func key(_ row: Row) -> SortKey
}

extension ListQuery where Order: RowOrder, Order.Row.RowID == ID {
  /// Those of `all` that match, sorted; `all` stands in the standard order.
  func sorted(_ all: [Order.Row], matches: (Order.Row) -> Bool) -> [Order.Row] {
    (filter.matchesAll ? all : all.filter(matches))
      .sorted(isReversed: isReversed, by: order == .standard ? nil : { order.key($0) })
  }

  func window(of all: [Order.Row], matches: (Order.Row) -> Bool) -> ListWindow<Order.Row> {
    window(of: sorted(all, matches: matches), total: all.count, id: \.rowID)
  }
}

/// A row of a list: what it is found again by while rows move.
package protocol ListRow: Sendable, Equatable {
  associatedtype RowID: Hashable & Sendable
  var rowID: RowID { get }
}

/// The rows of a list that were asked for.
package struct ListWindow<Row> {
  package var rows: [Row]
  /// The position of the first row among all that match.
  package var offset: Int
  /// How many match, among `examined` of `total`. Where fewer were examined than there are, the screen says so.
  package var matching: Int
  package var examined: Int
  package var total: Int

  /// What is not given is as for a list of which all rows are here.
  package init(
    _ rows: [Row] = [], offset: Int = 0, matching: Int? = nil, examined: Int? = nil, total: Int? = nil
  ) {
    self.rows = rows
    self.offset = offset
    self.matching = matching ?? rows.count
    self.total = total ?? self.matching
    self.examined = examined ?? self.total
  }

  /// A smaller window of the rows that are here: `wanted` counts as `offset` does.
  package func part(offset wanted: Int, limit: Int, isFollowed: (Row) -> Bool = { _ in false }) -> ListWindow {
    let start = ListPlace.start(
      wanted - offset, limit: limit, count: rows.count, followed: rows.firstIndex(where: isFollowed))
    var part = self
    part.rows = Array(rows.dropFirst(start).prefix(max(0, limit)))
    part.offset = offset + start
    return part
  }
}

extension ListWindow: Sendable where Row: Sendable {}
extension ListWindow: Equatable where Row: Equatable {}

/// Where the window of a list begins.
package enum ListPlace {
  /// At `offset`, moved as little as needed to hold the row at `followed`, and so that no room is left at the end.
  package static func start(_ offset: Int, limit: Int, count: Int, followed: Int?) -> Int {
    var start = offset
    if let place = followed { start = place < start ? place : max(start, place - max(1, limit) + 1) }
    return max(0, min(start, count - limit))
  }
}

/// A list as it was read: a window of its rows, and what the type adds about all of them.
package protocol ListView<Row>: Sendable, Equatable {
  associatedtype Row: ListRow
  var window: ListWindow<Row> { get set }
}

extension ListWindow: ListView where Row: ListRow {
  package var window: ListWindow {
    get { self }
    set { self = newValue }
  }

  package var ids: [Row.RowID] { rows.map(\.rowID) }
}

extension ListView {
  package var rows: [Row] {
    get { window.rows }
    set { window.rows = newValue }
  }
  package var offset: Int { window.offset }
  package var matching: Int { window.matching }
  package var examined: Int { window.examined }
  package var total: Int { window.total }
  package var ids: [Row.RowID] { window.rows.map(\.rowID) }

  /// A smaller window of the rows that are here, with the same sums.
  package func part(following followed: Row.RowID?, offset: Int, limit: Int) -> Self {
    var part = self
    part.window = window.part(offset: offset, limit: limit) { $0.rowID == followed }
    return part
  }
}
