import Core
import Text

/// The page of a consumer group: facts, members, partitions.
struct GroupLines {
  let name: String
  let content: Content
  let document: DocumentState
  let columns: Int
  let glyphs: Glyphs
  private var look: LagStyle { LagStyle(glyphs: glyphs) }

  private static let maxReasonLines = 4
  private static let trendColumns = 60

  var lines: [PageLine] {
    guard let group = content.group else { return absent }
    return headline(group.row) + facts(group) + members(group)
      + GroupPartitionLines(group: group, document: document, columns: columns, glyphs: glyphs).lines
  }

  private var absent: [PageLine] {
    let why =
      content.groups.readAt == nil
      ? " No reading of the consumer groups has come yet." : " The last reading did not have it."
    return [PageLine(StyledLine(" group \(name)", .heading, .strong)), PageLine(StyledLine(why, .dim))]
  }

  private func headline(_ row: GroupRow) -> [PageLine] {
    var title = StyledLine(" \(look.verdict(row.verdict))  ", look.role(row.verdict), .strong)
    title.add("group ", .dim)
    title.add(row.name, .heading, .strong)
    let facts = GroupFacts(row: row, now: content.header.now, glyphs: glyphs)
    let said = (row.reason.isEmpty ? [] : [StyledLine(row.reason)]) + facts.banners + facts.doubts
    return [PageLine(title, id: .title)] + staleness + said.flatMap(wrapped)
  }

  private var staleness: [PageLine] {
    guard LagFreshness(content: content).isStale, let readAt = content.groups.readAt else { return [] }
    let age = Quantity.age(content.header.now - readAt)
    return [PageLine(StyledLine(" what follows was read \(age) ago: no newer reading has come", .stale, .strong))]
  }

  private func wrapped(_ line: StyledLine) -> [PageLine] {
    var indented = StyledLine(" ")
    indented.add(line)
    return indented.wrapped(columns: columns, indent: 3, maxLines: Self.maxReasonLines).map { PageLine($0) }
  }

  private func facts(_ group: GroupView) -> [PageLine] {
    let row = group.row
    let items: [(String, String)] = [
      ("state", row.state?.rawValue ?? Quantity.unknown), ("members", Quantity.count(row.members)),
      ("lag", LagText.grouped(row.lag)), ("oldest", LagText.age(row.lagTime)), ("drain", drain(row.drain)),
      ("in", Quantity.rate(row.rateIn)), ("out", Quantity.rate(row.rateOut)),
      ("skew", group.skew == nil ? Quantity.unknown : "\(LagText.skew(group.skew)) peak to mean"),
    ]
    var lines = [StyledLine(" ")]
    for (name, value) in items {
      var item = StyledLine("\(name) ", .dim)
      item.add("\(value)   ", value == Quantity.unknown ? .dim : .text)
      if lines[lines.count - 1].columns + item.columns > columns { lines.append(StyledLine(" ")) }
      lines[lines.count - 1].add(item)
    }
    return lines.map { PageLine($0) } + trend(row)
  }

  private func drain(_ drain: DrainTime) -> String {
    switch drain {
    case .notDraining: "not draining"
    case .nothing: "nothing to drain"
    case .unknown, .after: LagText.drain(drain)
    }
  }

  private func trend(_ row: GroupRow) -> [PageLine] {
    let known = row.history.compactMap { $0 }.filter(\.isFinite)
    guard let most = known.max() else { return [PageLine()] }
    var line = StyledLine(" trend ", .dim)
    let width = min(Self.trendColumns, max(8, columns - 24))
    line.add(Sparkline.text(row.history, columns: width, floor: 10, glyphs: glyphs), .chart)
    line.add(" at most \(Quantity.count(Int(max(0, min(most, 1e18)))))", .dim)
    return [PageLine(line), PageLine()]
  }

  private func members(_ group: GroupView) -> [PageLine] {
    var heading = StyledLine(" members ", .heading, .strong)
    guard let members = group.members, !members.isEmpty else {
      heading.add(group.members == nil ? "\(Quantity.unknown) not known" : "none", .dim)
      return [PageLine(heading), PageLine()]
    }
    heading.add(Quantity.grouped(members.count), .dim)
    let table = TextColumns(
      [
        .init("CLIENT", width: 20, idealWidth: 40, priority: 0),
        .init("HOST", width: 15, idealWidth: 24, priority: 2),
        .init("PARTITIONS", width: 10, align: .right, priority: 3), .init("LAG", width: 5, align: .right, priority: 1),
      ], width: columns - 3, glyphs: glyphs)
    let rows = members.enumerated().map { index, member in
      PageLine(id: .member(index)) { Self.line(member, table) }
    }
    return [PageLine(heading), PageLine(Self.indented(table.titles))] + rows + [PageLine()]
  }

  private static func line(_ member: GroupMemberRow, _ table: TextColumns) -> StyledLine {
    indented(
      table.line { column, width in
        switch column {
        case 0: (Truncation.middle(member.clientID, columns: width, ellipsis: table.glyphs.ellipsis), .text)
        case 1: (member.host, .dim)
        case 2: (Quantity.count(member.partitions), .text)
        default: (LagText.count(member.lag), member.lag.value == nil || member.lag == 0 ? .dim : .text)
        }
      })
  }

  static func indented(_ line: StyledLine) -> StyledLine {
    var result = StyledLine("   ")
    result.add(line)
    return result
  }
}
