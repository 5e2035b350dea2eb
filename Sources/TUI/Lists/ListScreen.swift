import Core

/// The name of a view, also its `:` command. Each view declares its own.
package struct ViewID: Hashable, Sendable {
  package let name: String

  package init(_ name: String) { self.name = name }
}

/// A view: one list with its query, columns, keys, help, summary and detail, and the layer that a row opens. A value type: keys change
/// it, `read` fills it, and drawing depends on nothing else. Views are registered in `Views.all`.
package protocol ListScreen: Sendable {
  associatedtype Row: ListRow
  associatedtype Order: ListOrder

  static var id: ViewID { get }
  /// The orders in the sequence of `<` and `>`.
  static var orders: [Order] { get }
  /// The text of its tab; views with the same text share a tab.
  static var tab: String { get }
  static var keys: ViewKeys { get }
  /// "in the list of locks"
  static var place: String { get }
  /// Explanations of the columns in the help.
  static var legend: [(String, String)] { get }
  /// The audit log must be read while the view is shown.
  static var showsAudit: Bool { get }

  init()
  var list: ListState<Row, Order> { get set }
  var columns: [ListColumn<Row, Order>] { get }
  /// The columns that can be chosen.
  var allColumns: [ListColumn<Row, Order>] { get }
  /// Without columns that are equal in all rows; the summary shows those values.
  func shownColumns(_ status: SystemStatus) -> [ListColumn<Row, Order>]

  /// Reads the visible rows and the totals.
  mutating func read(_ request: ReadRequest)
  /// Reads additional data of single rows. Called after `read`; while frozen, called instead of `read`.
  mutating func readDetails(_ request: ReadRequest)

  func summaryHeight(_ context: DrawContext, body: Int) -> Int
  func summary(_ context: DrawContext, height: Int) -> [StyledLine]
  /// The whole summary, if its height depends on its text; otherwise `nil`.
  func measuredSummary(_ context: DrawContext, body: Int) -> [StyledLine]?
  func detailHeight(body: Int) -> Int
  /// The lines below the list about the row under the cursor.
  func detail(of row: Row, _ context: DrawContext) -> DetailLines?
  func drawDetail(of row: Row, into frame: inout Frame, _ area: Rect, _ context: DrawContext)
  /// Replaces the whole body while there is no data yet.
  func emptyState(_ status: SystemStatus) -> EmptyState?
  /// Replaces the rows if there are none.
  var emptyText: String { get }
  /// Age of the view's data if it is outdated; the view is then drawn as stale. `nil` while the data is current.
  func silence(_ status: SystemStatus) -> Duration?
  /// Filters and other states of the list, shown next to the tabs.
  func badges(_ glyphs: Glyphs) -> StyledLine

  /// The layer that Enter opens.
  func open(_ row: Row) -> Layer?
  /// The page of the row's saga.
  func saga(of row: Row) -> SagaPage?
  /// The text that `y` copies.
  func copied(_ row: Row) -> String?
  /// The subjects of an action.
  func subjects(of scope: ActionName.Scope) -> [ActionSubject]
  /// The filter that represents all rows in the dialog of an action.
  var filterForActions: Filter? { get }
  /// The most helpful action; `nil` if unknown.
  var fittingAction: ActionName? { get }
  /// Runs a command of this view's own keys.
  mutating func run(_ command: Command) -> Effect?
  func isMarked(_ row: Row) -> Bool
  /// The cursor has moved by lines or pages.
  mutating func moved(from: Int, to: Int)
  /// Why the cursor cannot jump now; `nil` if it can.
  var jumpRefusal: String? { get }
  /// Ends the marking of a range, or removes all marks. Each returns false if there was none.
  mutating func clearRange() -> Bool
  mutating func clearMarks() -> Bool
  mutating func actionsWereSent()
  /// Rows are marked; the marks would be lost with the store.
  var hasMarks: Bool { get }
}

extension ListScreen {
  package static var orders: [Order] { Array(Order.allCases) }
  package static var tab: String { id.name }
  package static var legend: [(String, String)] { [] }
  package static var showsAudit: Bool { false }
  package func shownColumns(_ status: SystemStatus) -> [ListColumn<Row, Order>] { columns }
  package var allColumns: [ListColumn<Row, Order>] { columns }
  package mutating func readDetails(_ request: ReadRequest) {}
  package func summaryHeight(_ context: DrawContext, body: Int) -> Int { 1 }
  package func measuredSummary(_ context: DrawContext, body: Int) -> [StyledLine]? { nil }
  package func detail(of row: Row, _ context: DrawContext) -> DetailLines? { nil }
  package func drawDetail(of row: Row, into frame: inout Frame, _ area: Rect, _ context: DrawContext) {
    detail(of: row, context)?.draw(into: &frame, area, glyphs: context.glyphs)
  }
  package func detailHeight(body: Int) -> Int { DetailLines.height(body: body) }
  package func emptyState(_ status: SystemStatus) -> EmptyState? { status.hasNoSagas ? .sagas : nil }
  package func silence(_ status: SystemStatus) -> Duration? { status.silence(\.carriesEvents) }
  package func badges(_ glyphs: Glyphs) -> StyledLine { StyledLine() }
  package func saga(of row: Row) -> SagaPage? { nil }
  package func subjects(of scope: ActionName.Scope) -> [ActionSubject] { [] }
  package var filterForActions: Filter? { nil }
  package var fittingAction: ActionName? { nil }
  /// The filter as typed.
  var filterText: String { list.filter.text }
  package mutating func run(_ command: Command) -> Effect? { nil }
  package func isMarked(_ row: Row) -> Bool { false }
  package mutating func moved(from: Int, to: Int) {}
  package var jumpRefusal: String? { nil }
  package mutating func clearRange() -> Bool { false }
  package mutating func clearMarks() -> Bool { false }
  package mutating func actionsWereSent() {}
  package var hasMarks: Bool { false }
}

/// The handling of the keys that all lists have.
extension ListScreen {
  package var id: ViewID { Self.id }

  static var orderWords: [String] { orders.map(\.rawValue) }

  var filter: ListFilter {
    get { list.filter }
    set { list.filter = newValue }
  }
  var openedWith: ListFilter { list.openedWith }
  var places: Range<Int> { list.places }

  mutating func show(height: Int) { list.show(height: height) }

  mutating func move(_ movement: ListMovement) {
    let before = list.cursor.position
    list.move(movement)
    if case .by = movement { moved(from: before, to: list.cursor.position) }
  }

  var selectedSaga: SagaPage? { list.selected.flatMap(saga) }
  var selectedCopy: String? { list.selected.flatMap(copied) }

  /// All columns of the row under the cursor, including those that are hidden for lack of room.
  func rowText(_ context: DrawContext) -> String? {
    guard let row = list.selected else { return nil }
    let cell = CellContext(width: 200, now: context.now, glyphs: context.glyphs, localOffset: context.localOffset)
    let texts = shownColumns(context.status).filter { !$0.isTrend }.map { $0.cell(row, cell).text }
    return texts.map { String($0.drop { $0 == " " }) }.joined(separator: "  ")
  }

  /// Parses the filter with the vocabulary of the rows.
  mutating func filter(by text: String) throws(FilterError) { filter = try ListFilter(text, for: Row.vocabulary) }

  /// The view as an opened layer with a filter.
  static func opened(_ filter: String) -> Layer? {
    guard let filter = try? ListFilter(filter, for: Row.vocabulary) else { return nil }
    var view = Self()
    view.list.openWith(filter)
    return .list(view)
  }

  var opened: Layer? { list.selected.flatMap(open) }

  /// Returns false if the list has no order of that name.
  mutating func sort(by word: String) -> Bool {
    guard let order = Order(rawValue: word), Self.orderWords.count > 1 else { return false }
    list.order = order
    return true
  }

  /// Handles `<`, `>` and `I`. Returns the name of the order for a sentence.
  mutating func sort(_ command: Command) -> String {
    switch command {
    case .reverse: list.isReversed.toggle()
    case .sortNext: list.order = list.order.next(by: 1, in: Self.orders)
    default: list.order = list.order.next(by: -1, in: Self.orders)
    }
    return list.orderText
  }

  /// Handles a click on a column title.
  mutating func sort(at x: Int, _ area: Rect, _ context: DrawContext) {
    if let order = ListTable(tableColumns(context.status), list, area, context).order(at: x) {
      list.sort(byTitleOf: order)
    }
  }

  /// Measures the column widths of the rows that were read.
  mutating func measure(_ context: DrawContext) {
    let (rows, isWhole) = list.rowsToMeasure(now: context.now)
    guard isWhole || !rows.isEmpty else { return }
    for column in tableColumns(context.status) {
      if let content = ColumnContent(column, rows[...], context) {
        list.remember(content, of: column.title, isWhole: isWhole, now: context.now)
      }
    }
  }

  func draw(into frame: inout Frame, _ layout: ScreenLayout, _ context: DrawContext) {
    if let empty = emptyState(context.status) { return empty.draw(into: &frame, layout.body, context) }
    let height = layout.summary.height
    for (index, line) in (layout.summaryText ?? summary(context, height: height)).prefix(height).enumerated() {
      frame.put(
        line, x: 0, y: layout.summary.y + index, width: layout.summary.width, ellipsis: context.glyphs.ellipsis)
    }
    ListTable(tableColumns(context.status), list, layout.list, context).draw(into: &frame, context, isMarked: isMarked)
    if list.rows.isEmpty {
      frame.put(
        emptyText, x: 2, y: layout.list.y + 1, width: layout.list.width - 2, role: .dim,
        ellipsis: context.glyphs.ellipsis)
    }
    if let row = list.selected, layout.detail.height > 0 {
      drawDetail(of: row, into: &frame, layout.detail, context)
    }
  }
}

/// The additional keys of a view, with their texts for help and hints.
package struct ViewKeys: Sendable {
  /// The key Enter: the sentence for the help, and the word for the line of hints.
  var open: (sentence: String, hint: String)
  var filter: String
  /// The effect of Esc for the help.
  var escape = "clear the filter; in a list that was opened: back"
  /// The key `t`: the view that shares the tab.
  var sibling: (view: ViewID, sentence: String, hint: String)?
  var own: [KeyMap.Binding] = []
  var actions: [ActionName] = []
  /// Why an action is impossible without a row; `nil` hides its key in this case.
  var noSubject: String?
}

/// Parameters of a read: the source, the time, and the number of list rows.
package struct ReadRequest {
  /// Number of rows read per list when the screen is frozen.
  static let wideRows = 1000

  let source: any ContentSource
  let now: Timestamp
  /// The sums that the frame shows, read at the same time.
  let status: SystemStatus
  /// Number of list rows without the titles.
  let height: Int
  /// Reads more rows than the window, because nothing more is read while the screen is frozen.
  var isWide = false
  /// Reads only data that is missing.
  var isFrozen = false
}

/// The environment for drawing a view or page.
package struct DrawContext {
  let status: SystemStatus
  let columns: Int
  let glyphs: Glyphs
  var localOffset = Duration.zero
  /// Availability of the actions for the current subjects; empty if actions cannot be executed at all.
  var availability: [ActionName: ActionAvailability] = [:]
  var keys = KeyMap.standard
  /// The layer in front.
  var scope = KeyMap.Scope.page

  /// The name of a command in texts: its key on the layer in front, otherwise its typed form; `nil` if it has neither.
  func key(_ command: Command) -> String? { keys.name(of: command, in: scope) }

  /// After a line that can be opened.
  var opens: String { key(.open).map { "  \($0) opens it" } ?? "" }

  /// True for all actions if none can be executed at all, as in a screenshot.
  func canAct(_ action: ActionName) -> Bool { availability.isEmpty || availability[action]?.isPossible == true }

  var now: Timestamp { status.header.now }
}
