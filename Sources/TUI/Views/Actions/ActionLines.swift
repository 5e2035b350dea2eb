import Core
import Text

/// The page of an action: who had what done to what, and what came of it, stage by stage.
struct ActionLines {
  let id: ActionRecord.ID
  let content: Content
  let columns: Int
  let glyphs: Glyphs
  let localOffset: Duration

  var lines: [PageLine] {
    guard let record = content.action else { return absent }
    return headline(record) + facts(record) + saga(record) + [PageLine()] + stages(record)
  }

  private var absent: [PageLine] {
    [
      PageLine(StyledLine(" action on \(id.subject)", .heading, .strong)),
      PageLine(StyledLine(" It is no longer kept here; the audit log has it.", .dim)),
    ]
  }

  private func headline(_ record: ActionRecord) -> [PageLine] {
    let facts = ActionFacts(record: record, glyphs: glyphs)
    var title = StyledLine(" \(ActionStyle(glyphs: glyphs).glyph(record.outcome)) ", ActionStyle.role(record.outcome))
    title.add(facts.headline)
    var origin = StyledLine(" ")
    origin.add(facts.origin)
    return wrapped(title, id: .title) + wrapped(origin)
  }

  private func facts(_ record: ActionRecord) -> [PageLine] {
    let latency = record.latency.map { Quantity.latency($0) } ?? Quantity.unknown
    let items = [
      ("context", record.context), ("request", record.request), ("answered in", latency),
      ("attempt", Quantity.grouped(record.attempt)), ("key", record.idempotencyKey), ("digest", record.digest),
      ("intent", record.intent),
    ]
    return items.flatMap { name, value in
      var line = StyledLine(" \(name) ", .dim)
      line.add(value.isEmpty ? Quantity.unknown : value)
      return wrapped(line)
    }
  }

  private func saga(_ record: ActionRecord) -> [PageLine] {
    guard content.actionSaga != nil else { return [] }
    var line = StyledLine(" saga ", .dim)
    line.add(record.subject, .accent)
    line.add("  Enter opens it", .dim)
    return [PageLine(line, id: .saga)]
  }

  private func stages(_ record: ActionRecord) -> [PageLine] {
    let start = record.intendedAt
    return [PageLine(StyledLine(" what came of it", .heading, .strong))]
      + record.stages.enumerated().flatMap { place, stage in
        var line = StyledLine("   \(Quantity.clock(stage.time, offset: localOffset))  ", .dim)
        line.add(PageLines.relative(stage.time - start), columns: 10, align: .right, ellipsis: glyphs.ellipsis, .dim)
        line.add(" ")
        line.add(ActionStyle(glyphs: glyphs).line(stage.outcome))
        return wrapped(line, id: .stage(place), indent: 24)
      }
  }

  private func wrapped(_ line: StyledLine, id: LineID? = nil, indent: Int = 3) -> [PageLine] {
    line.wrapped(columns: columns, indent: indent, maxLines: 6).enumerated().map {
      PageLine($1, id: $0 == 0 ? id : nil)
    }
  }
}
