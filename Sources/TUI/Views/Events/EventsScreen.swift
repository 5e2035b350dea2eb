import Core
import Text

extension ViewID {
  package static let events = ViewID("events")
}

/// The list of the latest events of all topics.
package struct EventsScreen: ListScreen {
  package static let id = ViewID.events
  package static let place = "in the list of events"
  package static let keys = ViewKeys(
    open: ("open the event's payload", "open"), filter: "filter: words, status:stuck, age>5m, !node:node-1",
    own: [KeyMap.why, KeyMap.reading], actions: [.redrive])
  /// Rows around the window that are searched for the selected event, because new events move it down.
  private static let margin = 100

  package var list = ListState<EventRow, EventListOrder>()
  private var read = EventList()
  package let columns: [ListColumn<EventRow, EventListOrder>] = EventColumns.list
  package let emptyText = "no event matches"

  package init() {}

  package mutating func read(_ request: ReadRequest) {
    var query = list.query(request)
    if query.following != nil, !request.isWide {
      let probe = request.source.events(EventQuery(filter: query.filter, limit: 0), now: request.now)
      let shift = query.filter.matchesAll ? probe.received - read.received : probe.matching - read.matching
      list.shift(by: max(0, shift))
      let margin = Self.margin + query.limit
      query.offset = max(0, query.offset + max(0, shift) - margin)
      query.limit += 2 * margin
    }
    read = request.source.events(query, now: request.now)
    list.take(read, height: request.height)
  }

  package func summaryHeight(_ context: DrawContext, body: Int) -> Int { body >= 8 ? 2 : 1 }
  package func detailHeight(body: Int) -> Int { 0 }

  package func summary(_ context: DrawContext, height: Int) -> [StyledLine] {
    [countLine(context), undecoded(context.glyphs)]
  }

  private func countLine(_ context: DrawContext) -> StyledLine {
    let last = Quantity.grouped(list.offset + list.rows.count)
    let range = list.rows.isEmpty ? "none" : "\(Quantity.grouped(list.offset + 1))-\(last)"
    var line = StyledLine(" newest first, showing \(range) of \(Quantity.grouped(list.matching))", .dim)
    line.add(", \(Quantity.grouped(read.received)) received", .dim)
    if list.cursor.isPlaced, let key = context.key(.first) { line.add(", \(key) goes to the newest", .dim) }
    return line
  }

  private func undecoded(_ glyphs: Glyphs) -> StyledLine {
    let total = read.undecoded.reduce(0) { $0 + $1.count }
    guard total > 0 else { return StyledLine(" every message could be read", .dim) }
    var line = StyledLine(" \(glyphs.stuck) not readable: ", .warning)
    let topics = read.undecoded.prefix(4).map { "\($0.topic) \(Quantity.grouped($0.count))" }
    line.add(topics.joined(separator: ", "), .warning)
    if read.undecoded.count > 4 { line.add(" and \(read.undecoded.count - 4) more topics", .warning) }
    if let reason = read.undecoded.first?.lastReason { line.add("  last: \(reason)", .dim) }
    return line
  }

  package func emptyState(_ status: SystemStatus) -> EmptyState? {
    let hasNone = read.received == 0 && list.rows.isEmpty && read.undecoded.isEmpty
    return status.hasNoSagas && hasNone ? .sagas : nil
  }

  package func open(_ row: EventRow) -> Layer? { .page(EventPage(row)) }
  package func saga(of row: EventRow) -> SagaPage? { row.sagaPage }
  package func copied(_ row: EventRow) -> String? { row.copied }

  package func subjects(of scope: ActionName.Scope) -> [ActionSubject] {
    scope == .deadLetter ? list.selected.map { [$0.deadLetter] } ?? [] : []
  }

  package var filterForActions: Filter? { list.filter.isActive ? list.filter.filter : nil }
}

/// The columns of events, for the list of all events and for the page of a saga.
struct EventColumns {
  private enum Part: CaseIterable {
    case time, type, saga, node, place, meaning
  }

  static let list: [ListColumn<EventRow, EventListOrder>] = Part.allCases.map { part in
    let width = ColumnWidth.by { columns in
      let column = column(part, columns: columns - 2, hasSaga: true)
      return (column.width, column.idealWidth)
    }
    let first = column(part, columns: 0, hasSaga: true)
    return ListColumn(first.title, width, align: first.align, priority: first.priority) { row, cell in
      let time = Quantity.clock(row.time, offset: cell.localOffset)
      let (text, role) = text(part, row, time: time, width: cell.width, cell.glyphs)
      return StyledLine(text, role)
    }
  }

  private let glyphs: Glyphs
  private let parts: [Part]
  private let table: TextColumns

  /// For the events of one saga.
  init(columns: Int, glyphs: Glyphs) {
    self.glyphs = glyphs
    parts = Part.allCases.filter { $0 != .saga }
    let shown = parts.map { Self.column($0, columns: columns, hasSaga: false) }
    table = TextColumns(shown, width: columns, glyphs: glyphs)
  }

  private static func column(_ part: Part, columns: Int, hasSaga: Bool) -> Table.Column {
    let isWide = columns >= 140
    return switch part {
    case .time: .init("TIME", width: hasSaga ? 8 : 10, align: .right, priority: 0)
    case .type: .init("EVENT", width: isWide ? 30 : 20, priority: 1)
    case .saga: .init("SAGA", width: isWide ? 20 : 13, priority: 2)
    case .node: .init("NODE", width: 8, priority: 4)
    case .place: .init("PLACE", width: isWide ? 36 : 26, priority: 5)
    case .meaning: .init("MEANING", width: 16, idealWidth: .max, priority: 3)
    }
  }

  /// `time` is shown unchanged.
  func line(_ event: EventRow, time: String) -> StyledLine {
    table.line { column, width in Self.text(parts[column], event, time: time, width: width, glyphs) }
  }

  private static func text(
    _ part: Part, _ event: EventRow, time: String, width: Int, _ glyphs: Glyphs
  ) -> (String, StyleRole) {
    switch part {
    case .time: (time, .dim)
    case .type: event.undecoded == nil ? (event.type, .text) : ("not an event", .warning)
    case .saga:
      (Truncation.middle(event.sagaID ?? Quantity.unknown, columns: width, ellipsis: glyphs.ellipsis), .text)
    case .node: (event.node ?? Quantity.unknown, event.node == nil ? .dim : .text)
    case .place: (event.place, .dim)
    case .meaning: meaning(event)
    }
  }

  private static func meaning(_ event: EventRow) -> (String, StyleRole) {
    if let reason = event.undecoded { return (reason, .error) }
    guard let error = event.error else { return (event.meaning, .dim) }
    return (event.meaning.isEmpty ? error : "\(event.meaning): \(error)", .error)
  }
}
