import Core
import Text

/// The summary above the list of locks: number of locks in trouble, age of the last sample, and statistics per pattern.
struct LocksSummary {
  private enum Field: CaseIterable {
    case pattern, held, rate, p50, p95, contention, lease, quality
  }

  private static let mostPatterns = 8

  let read: LockList
  let list: ListState<LockRow, LockOrder>
  let context: DrawContext
  private var columns: Int { context.columns }
  private var glyphs: Glyphs { context.glyphs }
  private var style: LockStyle { LockStyle(glyphs: glyphs) }

  /// Number of lines for a body with that number of rows.
  static func height(_ read: LockList, body: Int) -> Int {
    guard body >= 8 else { return 1 }
    let patterns = read.patterns.count + read.counted.count
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
    let verdicts = LockVerdict.allCases.reversed().filter { (read.counts[$0] ?? 0) > 0 }
    return line.counts(
      Quantity.counted(read.total, "lock"),
      verdicts.map {
        SumLine.Count(
          verdict: style.verdict($0), number: read.counts[$0] ?? 0, role: style.role($0), isTrouble: $0.isTrouble)
      })
  }

  private var reading: [StyledLine] {
    let freshness = SumLine.freshness(
      readAt: read.readAt, took: read.took, now: context.now, isStale: context.status.lockSilence != nil)
    let dropped = StyledLine("\(Quantity.grouped(read.dropped)) more are not read", .warning)
    let range = SumLine.range(list.places, of: list.matching, by: list.orderText)
    return [freshness, read.dropped > 0 ? dropped : nil, range].compactMap { $0 }
  }

  private func patterns(room: Int) -> [StyledLine] {
    let table = TextColumns(Field.allCases.map(Self.column), width: columns - 2, glyphs: glyphs)
    let rows =
      read.patterns.map { row in table.line { cell(Field.allCases[$0], row, $1) } }
      + read.counted.map { row in table.line { cell(Field.allCases[$0], row, $1) } }
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

  /// Counted keys have no holders: the column of held locks shows their number, the column of the rate shows its change.
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
