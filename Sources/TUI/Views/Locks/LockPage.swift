import Core
import Text

/// The page of a lock: facts, holders and earlier acquisitions.
package struct LockPage: Page {
  private enum Field: CaseIterable {
    case since, held, end, renewals, waiters, holder
  }

  private static let maxReasonLines = 4

  package var document = Document()
  private let key: LockKey
  private var read: LockView?

  init(_ key: LockKey) { self.key = key }

  package var name: PageName { PageName(word: "lock", text: key.key) }
  package var copied: String { key.key }
  package var saga: SagaPage? { read?.row.saga.map { SagaPage($0.handle, id: $0.id) } }

  package func subjects(of scope: ActionName.Scope) -> [ActionSubject] { scope == .lock ? [.lock(key)] : [] }

  package mutating func read(_ request: ReadRequest) { read = request.source.lock(key, now: request.now) }

  package func lines(_ context: DrawContext) -> [PageLine] {
    guard let lock = read else { return absent }
    return headline(lock, context) + facts(lock, context) + sagaLine(lock.row, context) + [PageLine()]
      + holders(lock.row)
      + history(lock, context)
  }

  private var absent: [PageLine] {
    [
      PageLine(StyledLine(" lock \(key.key)", .heading, .strong)),
      PageLine(StyledLine(" It is not held, and its history is no longer kept.", .dim)),
    ]
  }

  private func headline(_ lock: LockView, _ context: DrawContext) -> [PageLine] {
    let look = LockStyle(glyphs: context.glyphs)
    let isShown = lock.isHeld || lock.row.verdict == .lost
    let verdict = isShown ? look.verdict(lock.row.verdict) : "\(context.glyphs.pending) free"
    var title = StyledLine(" \(verdict)  ", isShown ? look.role(lock.row.verdict) : .dim, .strong)
    title.add("lock ", .dim)
    title.add(key.key, .heading, .strong)
    let reason = StyledLine(" \(lock.row.reason)", look.sentenceRole(lock.row.verdict))
    return [PageLine(title, id: .title)] + staleness(context)
      + reason.pageLines(columns: context.columns, indent: 3, maxLines: Self.maxReasonLines)
  }

  private func staleness(_ context: DrawContext) -> [PageLine] {
    guard let age = context.status.lockSilence else { return [] }
    return [PageLine(StyledLine(" read \(Quantity.age(age)) ago; there was no newer poll", .stale, .strong))]
  }

  private func facts(_ lock: LockView, _ context: DrawContext) -> [PageLine] {
    let row = lock.row
    var items: [(String, String)] = [
      ("age", LockStyle(glyphs: context.glyphs).age(row.age)), ("ttl", LockStyle.ttl(row)),
      ("lease", LockDetail(row: row, glyphs: context.glyphs).lease), ("renewals", Quantity.count(row.renewals)),
      ("waiters", Quantity.count(row.waiters)), ("kind", LockDetail.kind(row.kind)), ("server", row.id.source),
      ("pattern", row.pattern),
    ]
    items += lock.parts.map { ($0.name, $0.value) }
    var lines = [StyledLine(" ")]
    for (name, value) in items {
      var item = StyledLine("\(name) ", .dim)
      item.add("\(value)   ", value == Quantity.unknown ? .dim : .text)
      if lines[lines.count - 1].columns + item.columns > context.columns { lines.append(StyledLine(" ")) }
      lines[lines.count - 1].add(item)
    }
    if !row.together.isEmpty {
      lines.append(StyledLine(" its holder also holds \(row.together.joined(separator: ", "))", .warning))
    }
    if !row.elsewhere.isEmpty {
      lines.append(
        StyledLine(" the same token holds it on \(row.elsewhere.count + 1) of \(row.servers) servers (Redlock)"))
    }
    return lines.map { PageLine($0) }
  }

  private func sagaLine(_ row: LockRow, _ context: DrawContext) -> [PageLine] {
    guard let saga = row.saga else { return [] }
    var line = StyledLine(" saga ", .dim)
    line.add(saga.id, .accent)
    line.add(" \(saga.type), \(saga.status.name)")
    line.add(context.opens, .dim)
    return [PageLine(line, id: .saga, opens: SagaPage(saga.handle, id: saga.id))]
  }

  private func holders(_ row: LockRow) -> [PageLine] {
    guard row.holders.count > 1 else { return [] }
    let heading = PageLine(StyledLine(" holders", .heading, .strong))
    return [heading] + row.holders.map { PageLine(StyledLine("   \($0.text)")) } + [PageLine()]
  }

  private func history(_ lock: LockView, _ context: DrawContext) -> [PageLine] {
    var heading = StyledLine(" history ", .heading, .strong)
    heading.add("\(lock.holdings.count)", .dim)
    guard !lock.holdings.isEmpty else { return [PageLine(heading)] }
    let table = TextColumns(Field.allCases.map(Self.column), width: context.columns - 3, glyphs: context.glyphs)
    let rows = lock.holdings.enumerated().map { index, holding in
      PageLine(id: .holding(index)) { line(holding, table, context).indented(by: 3) }
    }
    return [PageLine(heading), PageLine(table.titles.indented(by: 3))] + rows
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

  private func line(_ holding: LockHolding, _ table: TextColumns, _ context: DrawContext) -> StyledLine {
    table.line { column, width in
      switch Field.allCases[column] {
      case .since:
        ((holding.isSinceExact ? "" : "<") + Quantity.clock(holding.since, offset: context.localOffset), .text)
      case .held: held(holding, context)
      case .end: end(holding)
      case .renewals: (Quantity.count(holding.renewals), holding.renewals == 0 ? .dim : .text)
      case .waiters: (Quantity.count(holding.waiters), holding.waiters == 0 ? .dim : .text)
      case .holder:
        (
          Truncation.middle(LockStyle.holders(holding.holders), columns: width, ellipsis: context.glyphs.ellipsis),
          holding.holders.isEmpty ? .dim : .text
        )
      }
    }
  }

  /// Exact only if both ends are exact.
  private func held(_ holding: LockHolding, _ context: DrawContext) -> (String, StyleRole) {
    let duration = holding.duration ?? max(.zero, context.now - holding.since)
    guard holding.isSinceExact, holding.until == nil || holding.isUntilExact else {
      return (String(context.glyphs.atLeast) + Quantity.age(duration), .text)
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
