import Core
import Text

/// The partitions on the page of a consumer group. An unfolded partition shows the values that its columns have no room for.
struct GroupPartitionLines {
  private enum Field: CaseIterable {
    case topic, partition, member, host, committed, start, end, lag, oldest, verdict
  }

  let group: GroupView
  let document: Document
  let columns: Int
  let glyphs: Glyphs
  private let table: TextColumns
  private var look: LagStyle { LagStyle(glyphs: glyphs) }

  init(group: GroupView, document: Document, columns: Int, glyphs: Glyphs) {
    self.group = group
    self.document = document
    self.columns = columns
    self.glyphs = glyphs
    table = TextColumns(Field.allCases.map { Self.column($0, columns) }, width: columns - 3, glyphs: glyphs)
  }

  private static func column(_ field: Field, _ columns: Int) -> Table.Column {
    let isWide = columns >= 160
    return switch field {
    case .topic: .init("TOPIC", width: 18, idealWidth: isWide ? 40 : 28, priority: 0)
    case .partition: .init("PART", width: 4, align: .right, priority: 1)
    case .member: .init("MEMBER", width: isWide ? 24 : 14, priority: 7)
    case .host: .init("HOST", width: 15, priority: 8)
    case .committed: .init("COMMITTED", width: isWide ? 14 : 10, align: .right, priority: 5)
    case .start: .init("START", width: isWide ? 14 : 10, align: .right, priority: 9)
    case .end: .init("END", width: isWide ? 14 : 10, align: .right, priority: 6)
    case .lag: .init("LAG", width: 5, align: .right, priority: 2)
    case .oldest: .init("OLDEST", width: 6, align: .right, priority: 3)
    case .verdict: .init("VERDICT", width: 11, priority: 4)
    }
  }

  var lines: [PageLine] {
    var heading = StyledLine(" partitions ", .heading, .strong)
    heading.add(Quantity.grouped(group.partitions.count), .dim)
    let titles = group.partitions.isEmpty ? [] : [PageLine(table.titles.indented(by: 3))]
    return [PageLine(heading)] + titles + group.partitions.flatMap(lines)
  }

  private func lines(_ row: GroupPartitionRow) -> [PageLine] {
    let id = LineID.partition(topic: row.topic, row.partition)
    let isUnfolded = document.toggled.contains(id)
    let own = PageLine(id: id, fold: isUnfolded ? .unfolded : .folded) { line(row, isUnfolded) }
    return isUnfolded ? [own] + details(row) : [own]
  }

  private func line(_ row: GroupPartitionRow, _ isUnfolded: Bool) -> StyledLine {
    var line = StyledLine(" \(isUnfolded ? glyphs.unfolded : glyphs.folded) ", .dim)
    line.add(
      table.line { column, width in
        let (text, role) = cell(Field.allCases[column], row, width)
        return (text, text == Quantity.unknown ? .dim : role)
      })
    return line
  }

  private func cell(_ field: Field, _ row: GroupPartitionRow, _ width: Int) -> (String, StyleRole) {
    switch field {
    case .topic: (Truncation.middle(row.topic, columns: width, ellipsis: glyphs.ellipsis), .text)
    case .partition: (String(row.partition), .text)
    case .member: (middle(row.clientID, width), .text)
    case .host: (row.host ?? Quantity.unknown, .dim)
    case .committed: (LagText.offset(row.committed, columns: width), .text)
    case .start: (LagText.offset(row.start, columns: width), .dim)
    case .end: (LagText.offset(row.end, columns: width), .text)
    case .lag: (LagText.count(row.lag), row.lag == 0 ? .dim : .text)
    case .oldest: (LagText.age(row.lagTime), row.lag == 0 ? .dim : .text)
    case .verdict: row.verdict == .ok ? ("", .dim) : (look.verdict(row.verdict), look.role(row.verdict))
    }
  }

  private func middle(_ text: String?, _ width: Int) -> String {
    text.map { Truncation.middle($0, columns: width, ellipsis: glyphs.ellipsis) } ?? Quantity.unknown
  }

  private func details(_ row: GroupPartitionRow) -> [PageLine] {
    var reason = StyledLine(look.verdict(row.verdict), look.role(row.verdict))
    if !row.reason.isEmpty { reason.add(": \(row.reason)") }
    var lines = [
      reason,
      pairs([
        ("committed", LagText.offset(row.committed, columns: 20)), ("start", LagText.offset(row.start, columns: 20)),
        ("end", LagText.offset(row.end, columns: 20)), ("lag", LagText.grouped(row.lag)),
      ]),
      pairs([
        ("in", Quantity.rate(row.rateIn)), ("out", Quantity.rate(row.rateOut)),
        ("member", row.clientID ?? Quantity.unknown), ("host", row.host ?? Quantity.unknown),
      ]),
    ]
    if let drift = row.lagTime.drift, drift > .zero {
      lines.append(StyledLine("clocks differ: its time lies \(Quantity.age(drift)) ahead of ours", .warning))
    }
    return lines.flatMap { $0.indented(by: 5).pageLines(columns: columns, indent: 7, maxLines: 4) }
  }

  private func pairs(_ items: [(String, String)]) -> StyledLine {
    var line = StyledLine()
    for (name, value) in items {
      line.add("\(name) ", .dim)
      line.add("\(value)   ", value == Quantity.unknown ? .dim : .text)
    }
    return line
  }
}
