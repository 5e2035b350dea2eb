import Core
import Text

/// The page of an event: time, origin, effect and message text.
package struct EventPage: Page {
  private static let maxErrorLines = 3

  package var document = Document()
  private let row: EventRow
  private var message: Message?

  init(_ row: EventRow) { self.row = row }

  package var name: PageName { PageName(word: "event", text: row.type) }
  package var copied: String { row.copied }
  package var saga: SagaPage? { row.sagaPage }

  package func subjects(of scope: ActionName.Scope) -> [ActionSubject] {
    switch scope {
    case .saga: row.saga.map { [.saga($0)] } ?? []
    case .deadLetter: [row.deadLetter]
    case .lock, .system: []
    }
  }

  package mutating func read(_ request: ReadRequest) {}

  package mutating func readMessages(_ source: any ContentSource) { message = source.message(row.message) }

  package func lines(_ context: DrawContext) -> [PageLine] {
    var title = StyledLine(" \(row.type) ", .heading, .strong)
    if row.undecoded != nil { title = StyledLine(" message that could not be read ", .warning, .strong) }
    title.add(row.place, .dim)
    var when = StyledLine(" at ", .dim)
    when.add(row.time.iso8601)
    when.add(" (\(Quantity.age(context.now - row.time)) ago)", .dim)
    if let node = row.node { when.add(" on \(node)", .dim) }
    var lines = [PageLine(title), PageLine(when)]
    if !row.meaning.isEmpty { lines.append(PageLine(StyledLine(" \(row.meaning)"))) }
    if let error = row.undecoded ?? row.error {
      lines += StyledLine(" \(error)", .error)
        .pageLines(columns: context.columns, indent: 3, maxLines: Self.maxErrorLines)
    }
    return lines + sagaLine(context) + [PageLine()]
      + MessageLines(event: EventID(row), toggled: document.toggled, parent: nil).lines(message, context)
  }

  private func sagaLine(_ context: DrawContext) -> [PageLine] {
    guard let saga = row.sagaID else { return [] }
    var link = StyledLine(" saga ", .dim)
    link.add(saga, .accent)
    link.add(context.opens, .dim)
    return [PageLine(link, id: .saga, opens: row.sagaPage)]
  }
}

extension EventRow {
  var sagaPage: SagaPage? { saga.map { SagaPage($0, id: sagaID ?? "") } }
  var copied: String { sagaID ?? "\(topic)/\(partition)/\(offset)" }
  var deadLetter: ActionSubject { .deadLetter(topic: topic, partition: partition, offset: offset) }
}
