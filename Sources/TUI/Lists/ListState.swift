import Core

extension ListOrder {
  /// The next order in the sequence of `<` and `>`.
  func next(by distance: Int, in all: [Self]) -> Self {
    guard let place = all.firstIndex(of: self) else { return self }
    return all[(((place + distance) % all.count) + all.count) % all.count]
  }
}

/// The state of a list: its filter, its order, the cursor, and the rows read.
///
/// More rows than fit on the screen may be read. The visible rows are chosen around the cursor, so a frozen list can be scrolled without
/// reading again.
package struct ListState<Row: ListRow, Order: ListOrder>: Sendable {
  package var order = Order.standard { didSet { if order != oldValue { contents = [:] } } }
  package var isReversed = false
  /// Names of the chosen columns, in order; empty for the default columns.
  package var columns: [String] = []
  /// Recent widths and contents of columns, by title, so that columns do not move with each row that appears or disappears.
  private(set) var contents: [String: ColumnContent] = [:]
  /// When all rows were measured, and the rows as they were measured last.
  private var measuredAt: Timestamp?
  private var measured: [Row.RowID: Row] = [:]
  private static var measureInterval: Duration { .seconds(1) }
  package private(set) var cursor = ListCursor<Row.RowID>()
  private var read = ListWindow<Row>()
  private var shown = ListWindow<Row>()

  /// A new filter moves the cursor to the first row.
  package var filter = ListFilter() {
    didSet {
      guard filter != oldValue else { return }
      cursor.release()
      contents = [:]
    }
  }

  /// The filter with which a row of another list opened this one.
  package private(set) var openedWith = ListFilter()

  package init() {}

  mutating func openWith(_ filter: ListFilter) {
    self.filter = filter
    openedWith = filter
  }

  /// The visible rows, the index of the first one among all matching rows, and the number of matching rows.
  package var rows: [Row] { shown.rows }
  package var offset: Int { shown.offset }
  package var matching: Int { shown.matching }

  package var selected: Row? {
    let index = cursor.position - offset
    return rows.indices.contains(index) ? rows[index] : nil
  }

  /// Indices of the visible rows among all matching rows.
  var places: Range<Int> { offset..<offset + rows.count }

  /// The name of the order for a sentence.
  package var orderText: String { order.rawValue + (isReversed ? ", reversed" : "") }

  /// The next query.
  func query(_ request: ReadRequest) -> ListQuery<Order, Row.RowID> {
    let window = cursor.window(height: request.height)
    let wide = ReadRequest.wideRows
    return ListQuery(
      filter: filter.filter, order: order, isReversed: isReversed,
      offset: request.isWide ? max(0, cursor.top - wide / 2) : window.offset,
      limit: request.isWide ? wide : window.limit, following: cursor.id)
  }

  /// Stores the result of a query.
  mutating func take(_ view: some ListView<Row>, height: Int) {
    read = view.window
    show(height: height)
  }

  /// Chooses the rows for a window of `height` rows from the rows read, and moves the cursor to its row.
  mutating func show(height: Int) {
    let window = cursor.window(height: height)
    let id = cursor.id
    shown = read.part(offset: window.offset, limit: window.limit) { $0.rowID == id }
    cursor.settle(ids: shown.ids, offset: shown.offset, count: shown.matching)
  }

  /// The rows whose cells must be measured: all once a second, otherwise those that have changed.
  mutating func rowsToMeasure(now: Timestamp) -> (rows: [Row], isWhole: Bool) {
    if let measuredAt, now > measuredAt, now - measuredAt < Self.measureInterval, !contents.isEmpty {
      let changed = rows.filter { measured[$0.rowID] != $0 }
      for row in changed { measured[row.rowID] = row }
      return (changed, false)
    }
    measuredAt = now
    measured = Dictionary(rows.map { ($0.rowID, $0) }) { $1 }
    return (rows, true)
  }

  /// `isWhole` if all visible rows were measured.
  mutating func remember(_ content: ColumnContent, of title: String, isWhole: Bool, now: Timestamp) {
    contents[title] =
      contents[title].map { isWhole ? $0.followed(by: content, now: now) : $0.widened(by: content) } ?? content
  }

  /// Call after `rows` rows were inserted above since the last read.
  mutating func shift(by rows: Int) { cursor.shift(by: rows) }

  mutating func move(_ movement: ListMovement) {
    let ids = shown.ids
    switch movement {
    case .by(let distance): cursor.move(by: distance, ids: ids, offset: offset, count: matching)
    case .to(let row): cursor.place(at: row, ids: ids, offset: offset, count: matching)
    case .toFirst: cursor.release()
    case .toLast: cursor.place(at: matching - 1, ids: ids, offset: offset, count: matching)
    case .scroll(let distance, let height):
      cursor.scroll(by: distance, height: height, ids: ids, offset: offset, count: matching)
    }
  }

  /// Sorts by the column of a title, or reverses the order if it is already sorted by it.
  mutating func sort(byTitleOf wanted: Order) {
    if order == wanted { isReversed.toggle() } else { order = wanted }
  }
}

/// Movements of a list cursor by keys and mouse.
package enum ListMovement: Sendable {
  case by(Int)
  /// To a row, by index among all matching rows.
  case to(Int)
  /// To the first row, following nothing.
  case toFirst
  case toLast
  case scroll(Int, height: Int)
}

/// The filter of a list, as typed and parsed.
package struct ListFilter: Sendable, Equatable {
  package private(set) var text = ""
  package private(set) var filter = Filter.all

  package init() {}

  package init(_ text: String, for vocabulary: FilterVocabulary) throws(FilterError) {
    filter = try Filter(parsing: text, for: vocabulary)
    self.text = text
  }

  package var isActive: Bool { !filter.matchesAll }
}
