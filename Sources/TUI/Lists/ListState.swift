import Core

/// A row that a list finds again while rows come, go and move.
package protocol ListRow: Sendable {
  associatedtype RowID: Hashable & Sendable

  var rowID: RowID { get }
}

/// The orders of a list, as `<` and `>` step through them. The raw value is the word for `:sort`.
package protocol ListOrder: RawRepresentable, CaseIterable, Equatable, Sendable where RawValue == String {}

extension ListOrder {
  /// As `<` and `>` step through `all`.
  func next(by distance: Int, in all: [Self]) -> Self {
    guard let place = all.firstIndex(of: self) else { return self }
    return all[(((place + distance) % all.count) + all.count) % all.count]
  }
}

/// The order of a list that has only one.
package enum FixedOrder: String, ListOrder {
  case fixed
}

/// A list on the screen: how it is filtered and ordered, where the cursor is, and the rows that were read for it.
///
/// More rows than fit on the screen may be read. Those are picked that hold the row under the cursor; so a list that is frozen can be
/// scrolled in without a further read.
package struct ListState<Row: ListRow, Order: ListOrder>: Sendable {
  package var order: Order
  package var isReversed = false
  package private(set) var cursor = ListCursor<Row.RowID>()
  /// The rows on the screen, the place of the first of them among all that match, and how many match.
  package private(set) var rows: [Row] = []
  package private(set) var offset = 0
  package private(set) var matching = 0
  private var read: (rows: [Row], offset: Int) = ([], 0)

  /// A list that is filtered anew stands at its first row.
  package var filter = ListFilter() {
    didSet { if filter != oldValue { cursor.release() } }
  }

  /// The filter that it was opened with by a row of another list.
  package private(set) var openedWith = ListFilter()

  package init(_ order: Order) {
    self.order = order
  }

  mutating func openWith(_ filter: ListFilter) {
    self.filter = filter
    openedWith = filter
  }

  package var selected: Row? {
    let index = cursor.position - offset
    return rows.indices.contains(index) ? rows[index] : nil
  }

  /// The rows on the screen, as places among all that match.
  var places: Range<Int> { offset..<offset + rows.count }

  /// The order as a sentence names it.
  package var orderText: String { order.rawValue + (isReversed ? ", reversed" : "") }

  /// The rows to read next, and the row that must be among them.
  func window(_ request: ReadRequest) -> (offset: Int, limit: Int, following: Row.RowID?) {
    let window = cursor.window(height: request.height)
    guard request.isWide else { return (window.offset, window.limit, cursor.id) }
    return (max(0, cursor.top - ReadRequest.wideRows / 2), ReadRequest.wideRows, cursor.id)
  }

  /// Takes over rows that were read, of which the first stands at `offset` among `matching`.
  mutating func take(_ rows: [Row], offset: Int = 0, matching: Int, height: Int) {
    read = (rows, offset)
    self.matching = matching
    show(height: height)
  }

  /// Picks the rows for a window of `height` rows from those that were read, and puts the cursor where its row is now.
  mutating func show(height: Int) {
    let window = cursor.window(height: height)
    var start = window.offset
    if let id = cursor.id, let index = read.rows.firstIndex(where: { $0.rowID == id }) {
      let place = read.offset + index
      start = place < start ? place : max(start, place - window.limit + 1)
    }
    start = max(read.offset, min(start, read.offset + read.rows.count - window.limit))
    offset = start
    rows = Array(read.rows.dropFirst(start - read.offset).prefix(window.limit))
    cursor.settle(ids: rows.map(\.rowID), offset: offset, count: matching)
  }

  /// The rows have moved down by so many since they were read.
  mutating func shift(by rows: Int) { cursor.shift(by: rows) }

  mutating func move(_ movement: ListMovement) {
    let ids = rows.map(\.rowID)
    switch movement {
    case .by(let distance): cursor.move(by: distance, ids: ids, offset: offset, count: matching)
    case .to(let row): cursor.place(at: row, ids: ids, offset: offset, count: matching)
    case .toFirst: cursor.release()
    case .toLast: cursor.place(at: matching - 1, ids: ids, offset: offset, count: matching)
    case .scroll(let distance, let height):
      cursor.scroll(by: distance, height: height, ids: ids, offset: offset, count: matching)
    }
  }

  /// A column's title sorts by it, and reverses the order when it is sorted by it already.
  mutating func sort(byTitleOf wanted: Order) {
    if order == wanted { isReversed.toggle() } else { order = wanted }
  }
}

/// What keys and the mouse do to the cursor of a list.
package enum ListMovement: Sendable {
  case by(Int)
  /// To a row, counted among all that match.
  case to(Int)
  /// To the first row, following none.
  case toFirst
  case toLast
  case scroll(Int, height: Int)
}
