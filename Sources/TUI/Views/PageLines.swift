import Core
import Text

/// All lines of the page of an opened thing.
struct PageLines {
  let page: Page
  let content: Content
  let columns: Int
  let glyphs: Glyphs
  let localOffset: Duration

  /// Columns before a message's text.
  private static let indent = 5
  /// Lines that one long line of a message may take.
  private static let maxParts = 200
  /// Lines that an error may take.
  private static let maxErrorLines = 3

  var lines: [PageLine] {
    switch page.subject {
    case .saga(_, let id):
      guard let saga = content.saga else { return Self.gone(id) }
      return headline(saga) + awaitedService(saga) + awaited(saga) + family(saga) + why + [PageLine()] + timeline(saga)
        + [PageLine()]
        + events(saga)
    case .event(let row):
      return event(row)
    case .lock(let key):
      return LockLines(key: key, content: content, columns: columns, glyphs: glyphs, localOffset: localOffset).lines
    case .action(let id):
      return ActionLines(id: id, content: content, columns: columns, glyphs: glyphs, localOffset: localOffset).lines
    case .service(let name):
      return ServiceLines(
        name: name, content: content, document: page.document, columns: columns, glyphs: glyphs,
        localOffset: localOffset
      ).lines
    case .group(let name):
      return GroupLines(name: name, content: content, document: page.document, columns: columns, glyphs: glyphs).lines
    }
  }

  private var why: [PageLine] {
    content.diagnosis.map { WhyLines(diagnosis: $0, columns: columns, glyphs: glyphs).section } ?? []
  }

  private static func gone(_ id: String) -> [PageLine] {
    [
      PageLine(StyledLine(" saga \(id)", .heading, .strong)),
      PageLine(
        StyledLine(" It is no longer kept: it was dropped after its retention, or joined to another saga.", .dim)),
    ]
  }

  private func headline(_ saga: SagaView) -> [PageLine] {
    let row = saga.row
    let look = SagaStyle(glyphs: glyphs)
    var title = StyledLine(" \(look.status(row))  ", look.role(row), .strong)
    title.add("\(row.type) ", .dim)
    title.add(row.id, .heading, .strong)
    var lines = [title, times(row)]
    if saga.ids.contains(where: { $0.value != row.id }) { lines.append(ids(saga)) }
    let facts = SagaFacts(row: row, now: content.header.now, glyphs: glyphs)
    lines += facts.details.flatMap { detail in
      var line = StyledLine(" ")
      line.add(detail)
      return line.wrapped(columns: columns, indent: 3, maxLines: Self.maxErrorLines)
    }
    return lines.map { PageLine($0) }
  }

  /// How the service does that must do the step that the saga waits for, where its health is watched.
  private func awaitedService(_ saga: SagaView) -> [PageLine] {
    guard saga.awaitedService != nil, let service = content.service else { return [] }
    let look = ServiceStyle(glyphs: glyphs)
    var line = StyledLine(" service ", .dim)
    line.add("\(service.name): ", .text, .strong)
    line.add("\(look.verdict(service.verdict)) ", look.role(service.verdict))
    line.add("for \(ServiceStyle.age(service.since, now: content.header.now)): ", .dim)
    line.add(service.reason, look.sentenceRole(service.verdict))
    return [PageLine(line, id: .service(service.name))]
  }

  /// How the consumer group does that must read before the saga goes on.
  private func awaited(_ saga: SagaView) -> [PageLine] {
    guard let name = saga.awaitedGroup else { return [] }
    var line = StyledLine(" group ", .dim)
    guard let group = content.group?.row else {
      line.add("\(name): \(content.groups.readAt == nil ? "not read yet" : "no such group was found")", .dim)
      return [PageLine(line)]
    }
    line.add(GroupFacts(row: group, now: content.header.now, glyphs: glyphs).sentence)
    return [PageLine(line, id: .group(name))]
  }

  private func times(_ row: SagaRow) -> StyledLine {
    let now = content.header.now
    var line = StyledLine()
    if let end = row.endedAt {
      line.add(" took ", .dim)
      line.add(Quantity.latency(end - row.startedAt))
    } else {
      line.add(" no progress for ", .dim)
      line.add(Quantity.age(now - row.progressAt), row.flags.contains(.stuck) ? .stuck : .text)
      if let deadline = row.deadline { line.add(", deadline \(Quantity.age(deadline))", .dim) }
    }
    line.add(", started ", .dim)
    line.add(Quantity.clock(row.startedAt, offset: localOffset))
    line.add(" (\(Quantity.age(now - row.startedAt)) ago)", .dim)
    if let node = row.node { line.add(", last on \(node)", .dim) }
    return line
  }

  private func ids(_ saga: SagaView) -> StyledLine {
    var line = StyledLine(" also ", .dim)
    for id in saga.ids.prefix(20) where id.value != saga.row.id {
      line.add("\(id.name) ", .dim)
      line.add("\(id.value)  ")
    }
    return line
  }

  private func family(_ saga: SagaView) -> [PageLine] {
    FamilyLines(saga: saga, glyphs: glyphs).lines
  }

  private func timeline(_ saga: SagaView) -> [PageLine] {
    TimelineLines(row: saga.row, now: content.header.now, columns: columns, glyphs: glyphs).lines
  }

  private func events(_ saga: SagaView) -> [PageLine] {
    var heading = StyledLine(" events ", .heading, .strong)
    heading.add("\(saga.events.count)", .dim)
    if saga.droppedEvents > 0 { heading.add(", \(Quantity.grouped(saga.droppedEvents)) more are not kept", .warning) }
    if !saga.actions.isEmpty { heading.add(", actions of operators \(saga.actions.count)", .accent) }
    let table = EventColumns(columns: columns - 3, hasSaga: false, glyphs: glyphs)
    var actions = saga.actions[...]
    var lines = [PageLine(heading)]
    for event in saga.events {
      while let action = actions.first, action.intendedAt <= event.time {
        lines.append(line(action, startedAt: saga.row.startedAt))
        actions.removeFirst()
      }
      lines += eventLines(event, startedAt: saga.row.startedAt, table)
    }
    return lines + actions.map { line($0, startedAt: saga.row.startedAt) }
  }

  /// What an operator did, among the events.
  private func line(_ action: ActionRecord, startedAt: Timestamp) -> PageLine {
    var line = StyledLine(" \(glyphs.mark) ", .accent)
    line.add(
      Self.relative(action.intendedAt - startedAt), columns: 10, align: .right, ellipsis: glyphs.ellipsis, .dim)
    line.add(" \(ActionStyle.name(action.action)) by \(action.operator.name)  ", .accent)
    line.add(ActionStyle(glyphs: glyphs).line(action.outcome))
    return PageLine(line, id: .action(action.id))
  }

  private func eventLines(_ event: EventRow, startedAt: Timestamp, _ table: EventColumns) -> [PageLine] {
    let id = EventID(event)
    let isExpanded = page.document.expanded[id] != nil
    var line = StyledLine(" \(isExpanded ? glyphs.unfolded : glyphs.folded) ", .dim)
    line.add(table.line(event, time: Self.relative(event.time - startedAt)))
    let own = PageLine(line, id: .event(id), fold: isExpanded ? .unfolded : .folded, message: event.message)
    return isExpanded ? [own] + messageLines(id, event.message) : [own]
  }

  /// "+0.412 s", "+4m12s".
  static func relative(_ distance: Duration) -> String {
    let sign = distance < .zero ? "-" : "+"
    let length = distance < .zero ? .zero - distance : distance
    return length < .seconds(100)
      ? "\(sign)\(Quantity.decimal(length.seconds, digits: 3)) s" : sign + Quantity.age(length)
  }

  private func messageLines(_ id: EventID, _ ref: MessageRef) -> [PageLine] {
    guard let message = content.messages[ref] else {
      let line = StyledLine("     The text is no longer kept: the oldest go first.", .warning)
      return [PageLine(line, id: .message(id, 0, part: 0))]
    }
    var lines: [PageLine] = []
    var hiddenUntil = 0
    for (number, entry) in MessageText(message, columns: columns - Self.indent, glyphs: glyphs).entries.enumerated()
    where number >= hiddenUntil {
      let isFolded = entry.bodyCount > 0 && page.document.folded.contains(.message(id, number, part: 0))
      if isFolded { hiddenUntil = number + entry.bodyCount + 1 }
      let parts = shown(entry, isFolded).wrapped(columns: columns, indent: Self.indent + 2, maxLines: Self.maxParts)
      for (part, line) in parts.enumerated() {
        let fold: PageLine.Fold? = part > 0 || entry.bodyCount == 0 ? nil : isFolded ? .folded : .unfolded
        lines.append(PageLine(line, id: .message(id, number, part: part), fold: fold))
      }
    }
    return lines
  }

  private func shown(_ entry: MessageText.Entry, _ isFolded: Bool) -> StyledLine {
    var line = StyledLine(String(repeating: " ", count: Self.indent))
    line.add(entry.line)
    if isFolded { line.add(" \(glyphs.ellipsis) \(entry.bodyCount) lines", .dim) }
    return line
  }

  private func event(_ row: EventRow) -> [PageLine] {
    let id = EventID(row)
    var title = StyledLine(" \(row.type) ", .heading, .strong)
    if row.undecoded != nil { title = StyledLine(" message that could not be read ", .warning, .strong) }
    title.add(row.place, .dim)
    var when = StyledLine(" at ", .dim)
    when.add(row.time.iso8601)
    when.add(" (\(Quantity.age(content.header.now - row.time)) ago)", .dim)
    if let node = row.node { when.add(" on \(node)", .dim) }
    var lines = [PageLine(title), PageLine(when)]
    if !row.meaning.isEmpty { lines.append(PageLine(StyledLine(" \(row.meaning)"))) }
    if let error = row.undecoded ?? row.error {
      let wrapped = StyledLine(" \(error)", .error).wrapped(columns: columns, indent: 3, maxLines: Self.maxErrorLines)
      lines += wrapped.map { PageLine($0) }
    }
    if let saga = row.sagaID {
      var link = StyledLine(" saga ", .dim)
      link.add(saga, .accent)
      link.add("  Enter opens it", .dim)
      lines.append(PageLine(link, id: .saga))
    }
    return lines + [PageLine()] + messageLines(id, row.message)
  }
}
