import Core
import Text

/// The page of a saga: its state, what it waits for, its causes, the timeline of its steps, and its events.
package struct SagaPage: Page {
  /// Number of earlier rounds shown, the latest ones.
  private static let mostRounds = 5
  /// Maximum number of lines per error.
  private static let maxErrorLines = 3

  package var document = Document()
  let handle: SagaHandle
  /// The id at the time of opening, shown if the saga is no longer stored.
  private let id: String
  private var read: SagaView?
  private var diagnosis: Diagnosis?
  /// The service and the group that must execute the awaited step.
  private var service: ServiceRow?
  private var group: GroupView?
  private var traces: SagaTraces?
  private var messages: [MessageRef: Message] = [:]

  init(_ handle: SagaHandle, id: String) {
    self.handle = handle
    self.id = id
  }

  package var name: PageName { PageName(word: "saga", text: id, columns: 13) }
  package var copied: String { read?.row.id ?? id }

  package func subjects(of scope: ActionName.Scope) -> [ActionSubject] { scope == .saga ? [.saga(handle)] : [] }

  package mutating func read(_ request: ReadRequest) {
    read = request.source.saga(handle, now: request.now)
    let needsCause = diagnosis?.trouble.needsCause ?? false
    traces = request.source.traces(of: handle, asks: needsCause, now: request.now)
    diagnosis = request.source.diagnosis(handle, now: request.now)
    service = read?.awaitedStep?.service.flatMap { request.source.service($0, now: request.now) }
    group = read?.awaitedStep?.group.flatMap { request.source.group($0, now: request.now) }
  }

  package mutating func readMessages(_ source: any ContentSource) {
    let refs = (read?.events ?? []).filter { document.toggled.contains(.event(EventID($0))) }.map(\.message)
    messages = MessageLines.read(refs, from: source)
  }

  package func lines(_ context: DrawContext) -> [PageLine] {
    guard let saga = read else { return gone(context) }
    return headline(saga, context) + serviceLine(saga, context) + groupLine(saga, context) + traceLine(context)
      + FamilyLines(saga: saga, glyphs: context.glyphs).lines + causes(context) + [PageLine()]
      + timeline(saga, context)
      + [PageLine()] + events(saga, context)
  }

  private func gone(_ context: DrawContext) -> [PageLine] {
    let reason =
      context.status.past == nil
      ? "It is no longer stored: its retention is over, or it was merged with another saga."
      : "It had not started at that time."
    return [PageLine(StyledLine(" saga \(id)", .heading, .strong)), PageLine(StyledLine(" \(reason)", .dim))]
  }

  private func timeline(_ saga: SagaView, _ context: DrawContext) -> [PageLine] {
    var timeline = TimelineLines(row: saga.row, now: context.now, columns: context.columns, glyphs: context.glyphs)
    timeline.add(traces?.calls ?? [])
    return timeline.lines
  }

  private func traceLine(_ context: DrawContext) -> [PageLine] {
    guard let traces, let last = traces.ids.last else { return [] }
    var line = StyledLine(" trace ", .dim)
    line.add(last.text)
    if traces.ids.count > 1 { line.add(" and \(traces.ids.count - 1) more", .dim) }
    if !traces.isOff, let key = context.key(.trace) { line.add("  \(key): its spans", .dim) }
    return [PageLine(line, id: .trace, opens: traces.isOff ? nil : TracePage(handle, id: copied))]
  }

  private func causes(_ context: DrawContext) -> [PageLine] {
    diagnosis.map { CauseLines(diagnosis: $0, columns: context.columns, glyphs: context.glyphs).section } ?? []
  }

  private func headline(_ saga: SagaView, _ context: DrawContext) -> [PageLine] {
    let row = saga.row
    let style = SagaStyle(glyphs: context.glyphs)
    var title = StyledLine(" \(style.status(row))  ", style.role(row), .strong)
    title.add("\(row.type) ", .dim)
    title.add(row.id, .heading, .strong)
    var lines = [title, times(row, context)]
    if saga.ids.contains(where: { $0.value != row.id }) { lines.append(ids(saga)) }
    lines += saga.earlier.suffix(Self.mostRounds).map { round($0, context) }
    lines += SagaDetail(row: row, now: context.now, glyphs: context.glyphs).details.flatMap {
      $0.indented(by: 1).wrapped(columns: context.columns, indent: 3, maxLines: Self.maxErrorLines)
    }
    return lines.map { PageLine($0) }
  }

  /// The health of the service that must execute the awaited step, if it is observed.
  private func serviceLine(_ saga: SagaView, _ context: DrawContext) -> [PageLine] {
    guard saga.awaitedStep?.service != nil, let service else { return [] }
    let style = ServiceStyle(glyphs: context.glyphs)
    var line = StyledLine(" service ", .dim)
    line.add("\(service.name): ", .text, .strong)
    line.add("\(style.verdict(service.verdict)) ", style.role(service.verdict))
    line.add("for \(ServiceStyle.age(service.since, now: context.now)): ", .dim)
    line.add(service.reason, style.sentenceRole(service.verdict))
    return [PageLine(line, id: .service(service.name), opens: ServicePage(service.name))]
  }

  /// The state of the consumer group that must consume the next message of the saga.
  private func groupLine(_ saga: SagaView, _ context: DrawContext) -> [PageLine] {
    guard let name = saga.awaitedStep?.group else { return [] }
    var line = StyledLine(" group ", .dim)
    guard let row = group?.row else {
      line.add("\(name): \(context.status.groups.readAt == nil ? "not read yet" : "no such group was found")", .dim)
      return [PageLine(line)]
    }
    line.add(GroupDetail(row: row, now: context.now, glyphs: context.glyphs).sentence)
    return [PageLine(line, id: .group(name), opens: GroupPage(name))]
  }

  private func times(_ row: SagaRow, _ context: DrawContext) -> StyledLine {
    let now = context.now
    var line = StyledLine()
    if let end = row.endedAt {
      line.add(" took ", .dim)
      line.add((row.isAtMost ? "at most " : "") + Quantity.latency(end - row.startedAt))
    } else {
      line.add(" no progress for ", .dim)
      line.add(Quantity.age(row.progressAt.map { now - $0 }), row.flags.contains(.stuck) ? .stuck : .text)
      if let deadline = row.deadline { line.add(", deadline \(Quantity.age(deadline))", .dim) }
    }
    line.add(", started ", .dim)
    line.add(Quantity.clock(row.startedAt, offset: context.localOffset))
    line.add(" (\(Quantity.age(now - row.startedAt)) ago)", .dim)
    if let node = row.node { line.add(", last on \(node)", .dim) }
    return line
  }

  /// An earlier round: its end and the reason.
  private func round(_ round: RoundView, _ context: DrawContext) -> StyledLine {
    let style = SagaStyle(glyphs: context.glyphs)
    var line = StyledLine(" round \(round.number) ", .dim)
    line.add("\(style.glyph(round.status)) \(round.status.name)", style.role(round.status))
    line.add(" \(Quantity.age(round.endedAt.map { context.now - $0 })) ago", .dim)
    if let step = round.failedStep { line.add(", \(step) failed") }
    if let error = round.error { line.add(": \(error)") }
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

  // MARK: Events

  private func events(_ saga: SagaView, _ context: DrawContext) -> [PageLine] {
    var heading = StyledLine(" events ", .heading, .strong)
    heading.add("\(saga.events.count)", .dim)
    if saga.droppedEvents > 0 { heading.add(", \(Quantity.grouped(saga.droppedEvents)) more are not kept", .warning) }
    if !saga.actions.isEmpty { heading.add(", actions of operators \(saga.actions.count)", .accent) }
    let table = EventColumns(columns: context.columns - 3, glyphs: context.glyphs)
    var actions = saga.actions[...]
    var lines = [PageLine(heading)]
    for event in saga.events {
      while let action = actions.first, action.intendedAt <= event.time {
        lines.append(line(action, startedAt: saga.row.startedAt, context.glyphs))
        actions.removeFirst()
      }
      lines += eventLines(event, startedAt: saga.row.startedAt, table, context)
    }
    return lines + actions.map { line($0, startedAt: saga.row.startedAt, context.glyphs) }
  }

  /// An operator action between the events.
  private func line(_ action: ActionRecord, startedAt: Timestamp, _ glyphs: Glyphs) -> PageLine {
    var line = StyledLine(" \(glyphs.mark) ", .accent)
    line.add(
      Self.relative(action.intendedAt - startedAt), columns: 10, align: .right, ellipsis: glyphs.ellipsis, .dim)
    line.add(" \(ActionStyle.name(action.action)) by \(action.operator.name)  ", .accent)
    line.add(ActionStyle(glyphs: glyphs).line(action.outcome))
    return PageLine(line, id: .action(action.id), opens: ActionPage(action.id))
  }

  private func eventLines(
    _ event: EventRow, startedAt: Timestamp, _ table: EventColumns, _ context: DrawContext
  ) -> [PageLine] {
    let id = LineID.event(EventID(event))
    let isUnfolded = document.toggled.contains(id)
    var line = StyledLine(" \(isUnfolded ? context.glyphs.unfolded : context.glyphs.folded) ", .dim)
    line.add(table.line(event, time: Self.relative(event.time - startedAt)))
    let own = PageLine(line, id: id, fold: isUnfolded ? .unfolded : .folded)
    guard isUnfolded else { return [own] }
    return [own]
      + MessageLines(event: EventID(event), toggled: document.toggled, parent: id).lines(
        messages[event.message], context)
  }

  /// "+0.412 s", "+4m12s".
  static func relative(_ distance: Duration) -> String {
    let sign = distance < .zero ? "-" : "+"
    let length = distance < .zero ? .zero - distance : distance
    return length < .seconds(100)
      ? "\(sign)\(Quantity.decimal(length.seconds, digits: 3)) s" : sign + Quantity.age(length)
  }
}

extension SagaView {
  /// The step that the saga waits for.
  var awaitedStep: StepView? {
    guard row.status == .running else { return nil }
    return row.steps.first { $0.name == row.step && $0.endedAt == nil }
  }
}

/// Lines with links from a saga's page to its parent and its parts.
struct FamilyLines {
  /// Maximum number of listed parts; the others are only counted.
  private static let mostChildren = 12

  let saga: SagaView
  let glyphs: Glyphs

  var lines: [PageLine] { parent + children }

  private var parent: [PageLine] {
    guard let id = saga.row.parent else { return [] }
    if let row = saga.parent { return [line("part of", row)] }
    var line = StyledLine(" part of ", .dim)
    line.add(id)
    line.add(", which is not known here", .dim)
    return [PageLine(line)]
  }

  private var children: [PageLine] {
    let shown = saga.children.prefix(Self.mostChildren)
    var lines = shown.map { line("its part", $0) }
    let more = saga.childCount - shown.count
    if more > 0 { lines.append(PageLine(StyledLine(" and \(Quantity.grouped(more)) more parts", .dim))) }
    return lines
  }

  private func line(_ word: String, _ row: SagaRow) -> PageLine {
    let look = SagaStyle(glyphs: glyphs)
    var line = StyledLine(" \(word) ", .dim)
    line.add("\(look.status(row)) ", look.role(row))
    line.add("\(row.type) ", .dim)
    line.add(row.id, .accent)
    if let step = row.step { line.add(", \(step)", .dim) }
    return PageLine(line, id: .relative(row.handle), opens: SagaPage(row.handle, id: row.id))
  }
}
