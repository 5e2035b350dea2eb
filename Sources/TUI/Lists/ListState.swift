import Core

extension ListOrder {
  /// As `<` and `>` step through `all`.
  func next(by distance: Int, in all: [Self]) -> Self {
    guard let place = all.firstIndex(of: self) else { return self }
    return all[(((place + distance) % all.count) + all.count) % all.count]
  }
}

/// A list on the screen: how it is filtered and ordered, where the cursor is, and the rows that were read for it.
///
/// More rows than fit on the screen may be read. Those are picked that hold the row under the cursor; so a list that is frozen can be
/// scrolled in without a further read.
package struct ListState<Row: ListRow, Order: ListOrder>: Sendable {
  package var order = Order.standard { didSet { if order != oldValue { contents = [:] } } }
  package var isReversed = false
  /// Names of the columns that were chosen, in their order; empty for the usual ones.
  package var columns: [String] = []
  /// What columns held of late, by their titles: they do not move with each row that comes and goes.
  private(set) var contents: [String: ColumnContent] = [:]
  package private(set) var cursor = ListCursor<Row.RowID>()
  private var read = ListWindow<Row>()
  private var shown = ListWindow<Row>()

  /// A list that is filtered anew stands at its first row.
  package var filter = ListFilter() {
    didSet {
      guard filter != oldValue else { return }
      cursor.release()
      contents = [:]
    }
  }

  /// The filter that it was opened with by a row of another list.
  package private(set) var openedWith = ListFilter()

  package init() {}

  mutating func openWith(_ filter: ListFilter) {
    self.filter = filter
    openedWith = filter
  }

  /// The rows on the screen, the place of the first of them among all that match, and how many match.
  package var rows: [Row] { shown.rows }
  package var offset: Int { shown.offset }
  package var matching: Int { shown.matching }

  package var selected: Row? {
    let index = cursor.position - offset
    return rows.indices.contains(index) ? rows[index] : nil
  }

  /// The rows on the screen, as places among all that match.
  var places: Range<Int> { offset..<offset + rows.count }

  /// The order as a sentence names it.
  package var orderText: String { order.rawValue + (isReversed ? ", reversed" : "") }

  /// What to read next.
  func query(_ request: ReadRequest) -> ListQuery<Order, Row.RowID> {
    let window = cursor.window(height: request.height)
    let wide = ReadRequest.wideRows
    return ListQuery(
      filter: filter.filter, order: order, isReversed: isReversed,
      offset: request.isWide ? max(0, cursor.top - wide / 2) : window.offset,
      limit: request.isWide ? wide : window.limit, following: cursor.id)
  }

  /// Takes over what was read.
  mutating func take(_ view: some ListView<Row>, height: Int) {
    read = view.window
    show(height: height)
  }

  /// Picks the rows for a window of `height` rows from those that were read, and puts the cursor where its row is now.
  mutating func show(height: Int) {
    let window = cursor.window(height: height)
    let id = cursor.id
    shown = read.part(offset: window.offset, limit: window.limit) { $0.rowID == id }
    cursor.settle(ids: shown.ids, offset: shown.offset, count: shown.matching)
  }

  mutating func remember(_ content: ColumnContent, of title: String, now: Timestamp) {
    contents[title] = contents[title].map { $0.followed(by: content, now: now) } ?? content
  }

  /// The rows have moved down by so many since they were read.
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

/// A list's filter as it was typed, and what it means.
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
