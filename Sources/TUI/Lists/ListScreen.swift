import Core

/// Names a view; also its `:` command. Each view declares its own.
package struct ViewID: Hashable, Sendable {
  package let name: String

  package init(_ name: String) { self.name = name }
}

/// A view: one list with its query, columns, keys, help, summary and detail, and what its rows open. A value: keys change it, `read`
/// fills it, and what is drawn depends on nothing else. Views are registered in `Views.all`.
package protocol ListScreen: Sendable {
  associatedtype Row: ListRow
  associatedtype Order: ListOrder

  static var id: ViewID { get }
  /// As `<` and `>` step through them.
  static var orders: [Order] { get }
  /// The word on its tab; views with the same word share a tab.
  static var tab: String { get }
  static var keys: ViewKeys { get }
  /// "in the list of locks"
  static var place: String { get }
  /// What the columns say, for the help.
  static var legend: [(String, String)] { get }
  /// The sources that it is made of: when they are silent it is stale.
  static func isMade(of source: SourceStatus) -> Bool
  /// Its body is shown as stale when its sources are silent. Views that know the age of their own reading draw that themselves.
  static var isStaleWithSources: Bool { get }
  /// What the audit log has must be taken in while it is shown.
  static var showsAudit: Bool { get }

  init()
  var list: ListState<Row, Order> { get set }
  var columns: [ListColumn<Row, Order>] { get }
  /// Those that can be chosen.
  var allColumns: [ListColumn<Row, Order>] { get }
  /// Without those that say the same of every row, which the summary then tells.
  func shownColumns(_ status: SystemStatus) -> [ListColumn<Row, Order>]

  /// Reads the rows and sums that the screen shows.
  mutating func read(_ request: ReadRequest)
  /// Reads what is shown of single rows besides; called after `read`, and while frozen in place of it.
  mutating func readDetails(_ request: ReadRequest)

  func summaryHeight(_ context: DrawContext, body: Int) -> Int
  func summary(_ context: DrawContext, height: Int) -> [StyledLine]
  func detailHeight(body: Int) -> Int
  /// What is said below the list of the row under the cursor.
  func detail(of row: Row, _ context: DrawContext) -> DetailLines?
  func drawDetail(of row: Row, into frame: inout Frame, _ area: Rect, _ context: DrawContext)
  /// Stands in place of everything else while there is nothing to list yet.
  func emptyState(_ status: SystemStatus) -> EmptyState?
  /// Stands in place of the rows where there are none.
  var emptyText: String { get }
  /// The rows are old: they are drawn as stale.
  func isStale(_ context: DrawContext) -> Bool
  /// Beside the tabs: what narrows or changes the list.
  func badges(_ glyphs: Glyphs) -> StyledLine

  /// What Enter opens.
  func open(_ row: Row) -> Layer?
  /// The page of the saga that the row belongs to.
  func saga(of row: Row) -> SagaPage?
  /// What `y` copies.
  func copied(_ row: Row) -> String?
  /// What an action would be done to.
  func subjects(of scope: ActionName.Scope) -> [ActionSubject]
  /// The filter that stands for all of them in an action's dialog.
  var filterForActions: Filter? { get }
  /// The action that helps most, as far as is known.
  var fittingAction: ActionName? { get }
  /// A command of this view's own keys.
  mutating func run(_ command: Command) -> Effect?
  func isMarked(_ row: Row) -> Bool
  /// The cursor went from one place to another, line by line or page by page.
  mutating func moved(from: Int, to: Int)
  /// Why the cursor cannot jump now.
  var jumpRefusal: String? { get }
  /// Ends the marking of a range, and takes all marks away; false where there was none.
  mutating func clearRange() -> Bool
  mutating func clearMarks() -> Bool
  mutating func actionsWereSent()
  /// Something is marked that would be lost with the store.
  var hasMarks: Bool { get }
}

extension ListScreen {
  package static var orders: [Order] { Array(Order.allCases) }
  package static var tab: String { id.name }
  package static var legend: [(String, String)] { [] }
  package static func isMade(of source: SourceStatus) -> Bool { source.carriesEvents }
  package static var isStaleWithSources: Bool { true }
  package static var showsAudit: Bool { false }
  package func shownColumns(_ status: SystemStatus) -> [ListColumn<Row, Order>] { columns }
  package var allColumns: [ListColumn<Row, Order>] { columns }
  package mutating func readDetails(_ request: ReadRequest) {}
  package func summaryHeight(_ context: DrawContext, body: Int) -> Int { 1 }
  package func detail(of row: Row, _ context: DrawContext) -> DetailLines? { nil }
  package func drawDetail(of row: Row, into frame: inout Frame, _ area: Rect, _ context: DrawContext) {
    detail(of: row, context)?.draw(into: &frame, area, glyphs: context.glyphs)
  }
  package func detailHeight(body: Int) -> Int { DetailLines.height(body: body) }
  package func emptyState(_ status: SystemStatus) -> EmptyState? { status.hasNoSagas ? .sagas : nil }
  package func isStale(_ context: DrawContext) -> Bool { false }
  package func badges(_ glyphs: Glyphs) -> StyledLine { StyledLine() }
  package func saga(of row: Row) -> SagaPage? { nil }
  package func subjects(of scope: ActionName.Scope) -> [ActionSubject] { [] }
  package var filterForActions: Filter? { nil }
  package var fittingAction: ActionName? { nil }
  /// As it was typed.
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

/// What every list does with the keys that all have.
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

  /// All columns of the row under the cursor, whether or not there is room for them.
  func rowText(_ context: DrawContext) -> String? {
    guard let row = list.selected else { return nil }
    let cell = CellContext(width: 200, now: context.now, glyphs: context.glyphs, localOffset: context.localOffset)
    let texts = shownColumns(context.status).filter { !$0.isTrend }.map { $0.cell(row, cell).text }
    return texts.map { String($0.drop { $0 == " " }) }.joined(separator: "  ")
  }

  /// Understands the words that its rows have.
  mutating func filter(by text: String) throws(FilterError) { filter = try ListFilter(text, for: Row.vocabulary) }

  /// As a list of its own, opened by a row of another one.
  static func opened(_ filter: String) -> Layer? {
    guard let filter = try? ListFilter(filter, for: Row.vocabulary) else { return nil }
    var view = Self()
    view.list.openWith(filter)
    return .list(view)
  }

  var opened: Layer? { list.selected.flatMap(open) }

  /// False where the list has no order of that name.
  mutating func sort(by word: String) -> Bool {
    guard let order = Order(rawValue: word), Self.orderWords.count > 1 else { return false }
    list.order = order
    return true
  }

  /// What `<`, `>` and `I` do. Returns the order as a sentence names it.
  mutating func sort(_ command: Command) -> String {
    switch command {
    case .reverse: list.isReversed.toggle()
    case .sortNext: list.order = list.order.next(by: 1, in: Self.orders)
    default: list.order = list.order.next(by: -1, in: Self.orders)
    }
    return list.orderText
  }

  /// By a click on a column's title.
  mutating func sort(at x: Int, _ area: Rect, _ context: DrawContext) {
    if let order = ListTable(tableColumns(context.status), list, area, context).order(at: x) {
      list.sort(byTitleOf: order)
    }
  }

  /// Takes in how wide the rows are that were read.
  mutating func measure(_ context: DrawContext) {
    for column in tableColumns(context.status) {
      if let content = ColumnContent(column, list.rows[...], context) {
        list.remember(content, of: column.title, now: context.now)
      }
    }
  }

  func draw(into frame: inout Frame, _ layout: ScreenLayout, _ context: DrawContext) {
    if let empty = emptyState(context.status) { return empty.draw(into: &frame, layout.body, context) }
    for (index, line) in summary(context, height: layout.summary.height).prefix(layout.summary.height).enumerated() {
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
    guard isStale(context) else { return }
    frame.recolor(layout.list, to: .stale)
    frame.recolor(layout.detail, to: .stale)
  }
}

/// The keys of a view beyond those that all lists have, with what help and hints say of them.
package struct ViewKeys: Sendable {
  /// What Enter does: the sentence, and the word for the line of hints.
  var open: (sentence: String, hint: String)
  var filter: String
  /// What Esc takes back, where it is more than the filter.
  var escape = "clear the filter; in a list that was opened: back"
  /// `t`: the view that shares the tab.
  var sibling: (view: ViewID, sentence: String, hint: String)?
  var own: [KeyMap.Binding] = []
  var actions: [ActionName] = []
  /// Why an action is not possible where there is no row; `nil` where its key is not shown then.
  var noSubject: String?
}

/// What is to be read, from where, and for how many rows of a list.
package struct ReadRequest {
  /// Rows that are read of each list when the screen is frozen.
  static let wideRows = 1000

  let source: any ContentSource
  let now: Timestamp
  /// Of the list, without its titles.
  let height: Int
  /// Some way beyond the window: no more is read until the screen is no longer frozen.
  var isWide = false
  /// Only what is not there yet is read.
  var isFrozen = false
}

/// What a view or page is drawn with.
package struct DrawContext {
  let status: SystemStatus
  let columns: Int
  let glyphs: Glyphs
  var localOffset = Duration.zero
  /// What can be done to what is in front; empty where nobody can act.
  var availability: [ActionName: ActionAvailability] = [:]

  /// Where nobody can act, as in a picture, everything is said to be possible.
  func canAct(_ action: ActionName) -> Bool { availability.isEmpty || availability[action]?.isPossible == true }

  var now: Timestamp { status.header.now }
}
