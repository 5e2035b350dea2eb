import Core
import Text

/// The page of a consumer group: facts, members and partitions.
package struct GroupPage: Page {
  private static let maxReasonLines = 4
  private static let trendColumns = 60

  package var document = Document()
  private let group: String
  private var read: GroupView?

  init(_ group: String) { self.group = group }

  package var name: PageName { PageName(word: "group", text: group) }
  package var copied: String { group }

  package mutating func read(_ request: ReadRequest) { read = request.source.group(group, now: request.now) }

  package func lines(_ context: DrawContext) -> [PageLine] {
    guard let read else { return absent(context) }
    return headline(read.row, context) + facts(read, context) + members(read, context)
      + GroupPartitionLines(group: read, document: document, columns: context.columns, glyphs: context.glyphs).lines
  }

  private func absent(_ context: DrawContext) -> [PageLine] {
    let why =
      context.status.groups.readAt == nil
      ? " The consumer groups are not read yet." : " The last poll did not find it."
    return [PageLine(StyledLine(" group \(group)", .heading, .strong)), PageLine(StyledLine(why, .dim))]
  }

  private func headline(_ row: GroupRow, _ context: DrawContext) -> [PageLine] {
    let look = LagStyle(glyphs: context.glyphs)
    var title = StyledLine(" \(look.verdict(row.verdict))  ", look.role(row.verdict), .strong)
    title.add("group ", .dim)
    title.add(row.name, .heading, .strong)
    let facts = GroupDetail(row: row, now: context.now, glyphs: context.glyphs)
    let said = (row.reason.isEmpty ? [] : [StyledLine(row.reason)]) + facts.banners + facts.doubts
    return [PageLine(title, id: .title)] + staleness(context)
      + said.flatMap {
        $0.indented(by: 1).pageLines(columns: context.columns, indent: 3, maxLines: Self.maxReasonLines)
      }
  }

  private func staleness(_ context: DrawContext) -> [PageLine] {
    guard let age = context.status.lagSilence else { return [] }
    return [PageLine(StyledLine(" read \(Quantity.age(age)) ago; there was no newer poll", .stale, .strong))]
  }

  private func facts(_ group: GroupView, _ context: DrawContext) -> [PageLine] {
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
      if lines[lines.count - 1].columns + item.columns > context.columns { lines.append(StyledLine(" ")) }
      lines[lines.count - 1].add(item)
    }
    return lines.map { PageLine($0) } + trend(row, context)
  }

  private func drain(_ drain: DrainTime) -> String {
    switch drain {
    case .notDraining: "not draining"
    case .nothing: "nothing to drain"
    case .unknown, .after: LagText.drain(drain)
    }
  }

  private func trend(_ row: GroupRow, _ context: DrawContext) -> [PageLine] {
    let known = row.history.compactMap { $0 }.filter(\.isFinite)
    guard let most = known.max() else { return [PageLine()] }
    var line = StyledLine(" trend ", .dim)
    let width = min(Self.trendColumns, max(8, context.columns - 24))
    line.add(Sparkline.text(row.history, columns: width, floor: 10, glyphs: context.glyphs), .chart)
    line.add(" at most \(Quantity.count(Int(max(0, min(most, 1e18)))))", .dim)
    return [PageLine(line), PageLine()]
  }

  private func members(_ group: GroupView, _ context: DrawContext) -> [PageLine] {
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
      ], width: context.columns - 3, glyphs: context.glyphs)
    let rows = members.enumerated().map { index, member in
      PageLine(id: .member(index)) { Self.line(member, table) }
    }
    return [PageLine(heading), PageLine(table.titles.indented(by: 3))] + rows + [PageLine()]
  }

  private static func line(_ member: GroupMemberRow, _ table: TextColumns) -> StyledLine {
    table.line { column, width in
      switch column {
      case 0: (Truncation.middle(member.clientID, columns: width, ellipsis: table.glyphs.ellipsis), .text)
      case 1: (member.host, .dim)
      case 2: (Quantity.count(member.partitions), .text)
      default: (LagText.count(member.lag), member.lag.value == nil || member.lag == 0 ? .dim : .text)
      }
    }.indented(by: 3)
  }
}
