import Core
import Text

/// The page of an action: the operator, the subject, and its outcome stage by stage.
package struct ActionPage: Page {
  private static let maxLines = 6

  package var document = Document()
  private let id: ActionRecord.ID
  private var read: ActionRecord?
  private var handle: SagaHandle?

  init(_ id: ActionRecord.ID) { self.id = id }

  package var name: PageName { PageName(word: "action on", text: id.subject, columns: 13) }
  package var copied: String { id.subject }
  package var saga: SagaPage? { handle.map { SagaPage($0, id: id.subject) } }

  package func subjects(of scope: ActionName.Scope) -> [ActionSubject] {
    scope == .saga ? handle.map { [.saga($0)] } ?? [] : []
  }

  package mutating func read(_ request: ReadRequest) {
    read = request.source.actions(of: id.intent).first { $0.id == id }
    handle = read?.action.scope == .saga ? request.source.find(id: id.subject, type: id.type).first : nil
  }

  package func lines(_ context: DrawContext) -> [PageLine] {
    guard let record = read else { return absent }
    return headline(record, context) + facts(record, context) + sagaLine(context) + [PageLine()]
      + stages(record, context)
  }

  private var absent: [PageLine] {
    [
      PageLine(StyledLine(" action on \(id.subject)", .heading, .strong)),
      PageLine(StyledLine(" It is no longer stored here; the audit log contains it.", .dim)),
    ]
  }

  private func headline(_ record: ActionRecord, _ context: DrawContext) -> [PageLine] {
    let detail = ActionDetail(record: record, glyphs: context.glyphs)
    let glyph = ActionStyle(glyphs: context.glyphs).glyph(record.outcome)
    var title = StyledLine(" \(glyph) ", ActionStyle.role(record.outcome))
    title.add(detail.headline)
    return title.pageLines(columns: context.columns, indent: 3, maxLines: Self.maxLines, id: .title)
      + detail.origin.indented(by: 1).pageLines(columns: context.columns, indent: 3, maxLines: Self.maxLines)
  }

  private func facts(_ record: ActionRecord, _ context: DrawContext) -> [PageLine] {
    let latency = record.latency.map { Quantity.latency($0) } ?? Quantity.unknown
    let items = [
      ("context", record.context), ("request", record.request), ("answered in", latency),
      ("attempt", Quantity.grouped(record.attempt)), ("key", record.idempotencyKey), ("digest", record.digest),
      ("intent", record.intent),
    ]
    return items.flatMap { name, value in
      var line = StyledLine(" \(name) ", .dim)
      line.add(value.isEmpty ? Quantity.unknown : value)
      return line.pageLines(columns: context.columns, indent: 3, maxLines: Self.maxLines)
    }
  }

  private func sagaLine(_ context: DrawContext) -> [PageLine] {
    guard let saga else { return [] }
    var line = StyledLine(" saga ", .dim)
    line.add(id.subject, .accent)
    line.add(context.opens, .dim)
    return [PageLine(line, id: .saga, opens: saga)]
  }

  private func stages(_ record: ActionRecord, _ context: DrawContext) -> [PageLine] {
    let start = record.intendedAt
    return [PageLine(StyledLine(" outcome", .heading, .strong))]
      + record.stages.enumerated().flatMap { place, stage in
        var line = StyledLine("   \(Quantity.clock(stage.time, offset: context.localOffset))  ", .dim)
        line.add(
          SagaPage.relative(stage.time - start), columns: 10, align: .right, ellipsis: context.glyphs.ellipsis, .dim)
        line.add(" ")
        line.add(ActionStyle(glyphs: context.glyphs).line(stage.outcome))
        return line.pageLines(columns: context.columns, indent: 24, maxLines: Self.maxLines, id: .stage(place))
      }
  }
}

/// The facts about one action, in short sentences.
struct ActionDetail {
  let record: ActionRecord
  let glyphs: Glyphs

  var lines: DetailLines {
    var lines = DetailLines(headline: headline, facts: [request, origin])
    lines.headlineLines = 1
    return lines
  }

  /// "retry of order 1007: observed in 3.2s".
  var headline: StyledLine {
    var line = StyledLine("\(ActionStyle.name(record.action)) of ", .heading, .strong)
    if !record.type.isEmpty { line.add("\(record.type) ", .dim) }
    line.add(Truncation.middle(record.subject, columns: 40, ellipsis: glyphs.ellipsis), .heading, .strong)
    line.add(": ")
    line.add(ActionStyle.sentence(record.outcome), ActionStyle.role(record.outcome))
    return line
  }

  private var request: StyledLine {
    var line = StyledLine("request ", .dim)
    line.add(record.request.isEmpty ? Quantity.unknown : record.request)
    if let latency = record.latency { line.add(", answered in \(Quantity.latency(latency))", .dim) }
    return line
  }

  /// The operator, the connection and the reason.
  var origin: StyledLine {
    var line = StyledLine("by ", .dim)
    line.add(record.operator.name)
    if let user = record.operator.sudoUser { line.add(", sudo of \(user)", .dim) }
    if let connection = record.operator.sshConnection { line.add(", over ssh from \(connection)", .dim) }
    if !record.reason.isEmpty {
      line.add(": ", .dim)
      line.add(record.reason)
    }
    return line
  }
}
