import Core
import Text

/// The lines over the list of locks: how many are in trouble, how fresh the reading is, and what is known of each pattern.
struct LockSums {
  private enum Field: CaseIterable {
    case pattern, held, rate, p50, p95, contention, lease, quality
  }

  private static let mostPatterns = 8

  let content: Content
  let state: LockListState
  let columns: Int
  let glyphs: Glyphs
  private var locks: LockList { content.locks }
  private var look: LockStyle { LockStyle(glyphs: glyphs) }

  /// How many lines there are in a body of so many rows.
  static func height(_ locks: LockList, body: Int) -> Int {
    guard body >= 8 else { return 1 }
    let patterns = locks.patterns.count + locks.counted.count
    guard body >= 12, patterns > 0 else { return 2 }
    return 3 + min(patterns, mostPatterns, body / 5)
  }

  func lines(height: Int) -> [StyledLine] {
    var lines = [verdicts, line.items(reading)]
    if height > 2 { lines += patterns(room: height - 3) }
    return Array(lines.prefix(height))
  }

  private var line: SumLine { SumLine(columns: columns) }

  private var verdicts: StyledLine {
    let verdicts = LockVerdict.allCases.reversed().filter { (locks.counts[$0] ?? 0) > 0 }
    return line.counts(
      LagText.counted(locks.total, "lock"),
      verdicts.map {
        SumLine.Count(
          verdict: look.verdict($0), number: locks.counts[$0] ?? 0, role: look.role($0), isTrouble: $0.isTrouble)
      })
  }

  private var reading: [StyledLine] {
    let freshness = SumLine.freshness(
      readAt: locks.readAt, took: locks.took, now: content.header.now, isStale: LockFreshness(content: content).isStale)
    let dropped = StyledLine("\(Quantity.grouped(locks.dropped)) more are not looked at", .warning)
    let range = SumLine.range(
      offset: locks.offset, count: locks.rows.count, matching: locks.matching, order: state.orderText)
    return [freshness, locks.dropped > 0 ? dropped : nil, range].compactMap { $0 }
  }

  private func patterns(room: Int) -> [StyledLine] {
    let table = TextColumns(Field.allCases.map(Self.column), width: columns - 2, glyphs: glyphs)
    let rows =
      locks.patterns.map { row in table.line { cell(Field.allCases[$0], row, $1) } }
      + locks.counted.map { row in table.line { cell(Field.allCases[$0], row, $1) } }
    return ([table.titles] + rows.prefix(room)).map { row in
      var line = StyledLine(" ")
      line.add(row)
      return line
    }
  }

  private static func column(_ field: Field) -> Table.Column {
    switch field {
    case .pattern: .init("PATTERN", width: 24, idealWidth: 44, priority: 0)
    case .held: .init("HELD", width: 5, align: .right, priority: 1)
    case .rate: .init("TAKEN/s", width: 7, align: .right, priority: 3)
    case .p50: .init("P50", width: 7, align: .right, priority: 5)
    case .p95: .init("P95", width: 7, align: .right, priority: 4)
    case .contention: .init("WAITED", width: 7, align: .right, priority: 6)
    case .lease: .init("LEASE", width: 6, align: .right, priority: 7)
    case .quality: .init("", width: 8, priority: 2)
    }
  }

  private func cell(_ field: Field, _ row: LockPatternRow, _ width: Int) -> (String, StyleRole) {
    switch field {
    case .pattern: return (Truncation.middle(row.pattern, columns: width, ellipsis: glyphs.ellipsis), .text)
    case .held: return known(Quantity.count(row.held))
    case .rate:
      return known((row.isExact || row.rate == nil ? "" : String(glyphs.atLeast)) + LagText.perSecond(row.rate))
    case .p50: return known(Quantity.latency(row.p50))
    case .p95: return known(Quantity.latency(row.p95))
    case .contention: return known(Quantity.share(row.contention))
    case .lease:
      let mark = row.isLeaseConfigured || row.lease == nil ? "" : String(glyphs.atLeast)
      return known(mark + Quantity.age(row.lease))
    case .quality: return (row.isExact ? "exact" : "sampled", .dim)
    }
  }

  /// Counted keys have no holders: their number stands where the held locks stand, their change where acquisitions do.
  private func cell(_ field: Field, _ row: CountedPatternRow, _ width: Int) -> (String, StyleRole) {
    switch field {
    case .pattern: return (Truncation.middle(row.pattern, columns: width, ellipsis: glyphs.ellipsis), .text)
    case .held: return known(Quantity.count(row.count))
    case .rate:
      guard let change = row.change else { return known(Quantity.unknown) }
      return ((change < 0 ? "-" : "+") + LagText.perSecond(abs(change)), .text)
    case .quality: return ("counted", .dim)
    case .p50, .p95, .contention, .lease: return ("", .dim)
    }
  }

  private func known(_ text: String) -> (String, StyleRole) { (text, text == Quantity.unknown ? .dim : .text) }
}

/// Whether what is shown of the locks is what is.
struct LockFreshness {
  let content: Content

  /// A round may take long where there are many locks: then its reading may be older.
  var isStale: Bool {
    guard let readAt = content.locks.readAt else { return false }
    let round = content.locks.took ?? .zero
    return content.header.now - readAt > max(Staleness.patience, round + round + round)
  }
}
