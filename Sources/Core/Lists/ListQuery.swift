/// Which rows of a list are read, in which order. All lists use this query, with their own orders and row ids.
package struct ListQuery<Order: ListOrder, ID: Hashable & Sendable>: Sendable, Equatable {
  package var filter: Filter
  package var order: Order
  package var isReversed: Bool
  /// Index of the first requested row, starting at 0, and the maximum number of rows. `limit` is never negative.
  package var offset: Int
  package var limit: Int
  /// If set, the window moves so that it contains this row, if the row still matches.
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

  /// The rows are requested in their stored order, so that only the window must be read.
  var isPlain: Bool { order == .standard && !isReversed && filter.matchesAll && following == nil }

  /// The window of the matching, sorted rows, out of `total`.
  func window<Row>(of matching: [Row], total: Int, id: (Row) -> ID) -> ListWindow<Row> {
    let place = following.flatMap { followed in matching.firstIndex { id($0) == followed } }
    let start = ListPlace.start(offset, limit: limit, count: matching.count, followed: place)
    return ListWindow(
      Array(matching.dropFirst(start).prefix(limit)), offset: start, matching: matching.count, total: total)
  }
}

/// The orders of a list that creates all rows before sorting.
package protocol RowOrder: ListOrder {
  associatedtype Row: ListRow
  /// Not called for the standard order.
  func key(_ row: Row) -> SortKey
}

extension ListQuery where Order: RowOrder, Order.Row.RowID == ID {
  /// The window of the matching rows of `all`, sorted. `all` must be in the standard order.
  package func window(of all: [Order.Row], now: Timestamp) -> ListWindow<Order.Row> where Order.Row: Filterable {
    let matching = (filter.matchesAll ? all : all.filter { filter.matches($0, now: now) })
      .sorted(isReversed: isReversed, by: order == .standard ? nil : { order.key($0) })
    return window(of: matching, total: all.count, id: \.rowID)
  }
}

/// A row of a list, with the id by which it is found again when rows move.
package protocol ListRow: Sendable, Equatable {
  associatedtype RowID: Hashable & Sendable
  var rowID: RowID { get }
  /// The words that a filter of the list may contain.
  static var vocabulary: FilterVocabulary { get }
}

/// The requested rows of a list.
package struct ListWindow<Row> {
  package var rows: [Row]
  /// Index of the first row among all matching rows.
  package var offset: Int
  /// Number of matching rows among `examined` of `total`. If fewer rows were examined than exist, the screen shows it.
  package var matching: Int
  package var examined: Int
  package var total: Int

  /// Omitted values default to those of a list that contains all rows.
  package init(
    _ rows: [Row] = [], offset: Int = 0, matching: Int? = nil, examined: Int? = nil, total: Int? = nil
  ) {
    self.rows = rows
    self.offset = offset
    self.matching = matching ?? rows.count
    self.total = total ?? self.matching
    self.examined = examined ?? self.total
  }

  /// A smaller window of these rows; `wanted` is an index like `offset`.
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

/// The start of a list's window.
package enum ListPlace {
  /// Starts at `offset`, moved as little as needed to contain the row at `followed` and to leave no empty space at the end.
  package static func start(_ offset: Int, limit: Int, count: Int, followed: Int?) -> Int {
    var start = offset
    if let place = followed { start = place < start ? place : max(start, place - max(1, limit) + 1) }
    return max(0, min(start, count - limit))
  }
}

/// A list as read: a window of its rows, and further data about all rows.
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

  /// A smaller window of these rows, with the same sums.
  package func part(following followed: Row.RowID?, offset: Int, limit: Int) -> Self {
    var part = self
    part.window = window.part(offset: offset, limit: limit) { $0.rowID == followed }
    return part
  }
}
