import Core
import Text

/// The page of a lock: facts, holders, and what became of its earlier holdings.
struct LockLines {
  private enum Field: CaseIterable {
    case since, held, end, renewals, waiters, holder
  }

  private static let maxReasonLines = 4

  let key: LockKey
  let content: Content
  let columns: Int
  let glyphs: Glyphs
  let localOffset: Duration
  private var look: LockStyle { LockStyle(glyphs: glyphs) }

  var lines: [PageLine] {
    guard let lock = content.lock else { return absent }
    return headline(lock) + facts(lock) + saga(lock.row) + [PageLine()] + holders(lock.row) + history(lock)
  }

  private var absent: [PageLine] {
    [
      PageLine(StyledLine(" lock \(key.key)", .heading, .strong)),
      PageLine(StyledLine(" It is not held, and its history is no longer kept.", .dim)),
    ]
  }

  private func headline(_ lock: LockView) -> [PageLine] {
    let isShown = lock.isHeld || lock.row.verdict == .lost
    let verdict = isShown ? look.verdict(lock.row.verdict) : "\(glyphs.pending) free"
    var title = StyledLine(" \(verdict)  ", isShown ? look.role(lock.row.verdict) : .dim, .strong)
    title.add("lock ", .dim)
    title.add(key.key, .heading, .strong)
    let reason = StyledLine(" \(lock.row.reason)", look.sentenceRole(lock.row.verdict))
    return [PageLine(title, id: .title)] + staleness
      + reason.wrapped(columns: columns, indent: 3, maxLines: Self.maxReasonLines).map { PageLine($0) }
  }

  private var staleness: [PageLine] {
    guard LockFreshness(content: content).isStale, let readAt = content.locks.readAt else { return [] }
    let age = Quantity.age(content.header.now - readAt)
    return [PageLine(StyledLine(" what follows was read \(age) ago: no newer reading has come", .stale, .strong))]
  }

  private func facts(_ lock: LockView) -> [PageLine] {
    let row = lock.row
    var items: [(String, String)] = [
      ("age", look.age(row.age)), ("ttl", LockStyle.ttl(row)),
      ("lease", LockFacts(row: row, glyphs: glyphs).lease), ("renewals", Quantity.count(row.renewals)),
      ("waiters", Quantity.count(row.waiters)), ("kind", LockFacts.kind(row.kind)), ("server", row.id.source),
      ("pattern", row.pattern),
    ]
    items += lock.parts.map { ($0.name, $0.value) }
    var lines = [StyledLine(" ")]
    for (name, value) in items {
      var item = StyledLine("\(name) ", .dim)
      item.add("\(value)   ", value == Quantity.unknown ? .dim : .text)
      if lines[lines.count - 1].columns + item.columns > columns { lines.append(StyledLine(" ")) }
      lines[lines.count - 1].add(item)
    }
    if !row.together.isEmpty {
      lines.append(StyledLine(" its holder also holds \(row.together.joined(separator: ", "))", .warning))
    }
    return lines.map { PageLine($0) }
  }

  private func saga(_ row: LockRow) -> [PageLine] {
    guard let saga = row.saga else { return [] }
    var line = StyledLine(" saga ", .dim)
    line.add(saga.id, .accent)
    line.add(" \(saga.type), \(saga.status.name)")
    line.add("  Enter opens it", .dim)
    return [PageLine(line, id: .saga)]
  }

  private func holders(_ row: LockRow) -> [PageLine] {
    guard row.holders.count > 1 else { return [] }
    let heading = PageLine(StyledLine(" holders", .heading, .strong))
    return [heading] + row.holders.map { PageLine(StyledLine("   \($0.text)")) } + [PageLine()]
  }

  private func history(_ lock: LockView) -> [PageLine] {
    var heading = StyledLine(" history ", .heading, .strong)
    heading.add("\(lock.holdings.count)", .dim)
    guard !lock.holdings.isEmpty else { return [PageLine(heading)] }
    let table = TextColumns(Field.allCases.map(Self.column), width: columns - 3, glyphs: glyphs)
    let rows = lock.holdings.enumerated().map { index, holding in
      PageLine(id: .holding(index)) { GroupLines.indented(line(holding, table)) }
    }
    return [PageLine(heading), PageLine(GroupLines.indented(table.titles))] + rows
  }

  private static func column(_ field: Field) -> Table.Column {
    switch field {
    case .since: .init("SINCE", width: 9, priority: 0)
    case .held: .init("HELD", width: 8, align: .right, priority: 1)
    case .end: .init("END", width: 8, priority: 2)
    case .renewals: .init("RENEWALS", width: 8, align: .right, priority: 5)
    case .waiters: .init("WAITERS", width: 7, align: .right, priority: 4)
    case .holder: .init("HOLDER", width: 12, idealWidth: .max, priority: 3)
    }
  }

  private func line(_ holding: LockHolding, _ table: TextColumns) -> StyledLine {
    table.line { column, width in
      switch Field.allCases[column] {
      case .since:
        ((holding.isSinceExact ? "" : "<") + Quantity.clock(holding.since, offset: localOffset), .text)
      case .held: held(holding)
      case .end: end(holding)
      case .renewals: (Quantity.count(holding.renewals), holding.renewals == 0 ? .dim : .text)
      case .waiters: (Quantity.count(holding.waiters), holding.waiters == 0 ? .dim : .text)
      case .holder:
        (
          Truncation.middle(LockStyle.holders(holding.holders), columns: width, ellipsis: glyphs.ellipsis),
          holding.holders.isEmpty ? .dim : .text
        )
      }
    }
  }

  /// Exact where both its ends are.
  private func held(_ holding: LockHolding) -> (String, StyleRole) {
    let duration = holding.duration ?? max(.zero, content.header.now - holding.since)
    guard holding.isSinceExact, holding.until == nil || holding.isUntilExact else {
      return (String(glyphs.atLeast) + Quantity.age(duration), .text)
    }
    return (Quantity.latency(duration), .text)
  }

  private func end(_ holding: LockHolding) -> (String, StyleRole) {
    switch holding.end {
    case .released: ("released", .dim)
    case .expired: ("expired", .warning)
    case .replaced: ("replaced", .dim)
    case nil: ("held", .ok)
    }
  }
}
