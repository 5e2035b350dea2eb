package typealias LockQuery = ListQuery<LockOrder, LockKey>

package enum LockOrder: String, ListOrder {
  /// Worst first, then oldest.
  case severity
  case key
  case age
  case ttl
  case waiters

  package static let standard = LockOrder.severity
}

/// The held locks and the lost locks.
package struct LockList: ListView {
  package var window: ListWindow<LockRow>
  /// Of the server that was read least recently; `nil` before the first sample.
  package var readAt: Timestamp?
  /// Of the slowest server.
  package var took: Duration?
  /// Progress of the current scan of the keys, of the slowest server; 0 to 1.
  package var progress: Double?
  package var counts: [LockVerdict: Int]
  package var patterns: [LockPatternRow]
  package var counted: [CountedPatternRow]
  /// Number of locks that were found but are not read, because there are too many.
  package var dropped: Int
  /// Coverage of the servers that the list is based on.
  package var coverage = SourceCoverage()

  package init(
    _ window: ListWindow<LockRow> = ListWindow(), readAt: Timestamp? = nil, took: Duration? = nil,
    progress: Double? = nil, counts: [LockVerdict: Int] = [:], patterns: [LockPatternRow] = [],
    counted: [CountedPatternRow] = [], dropped: Int = 0
  ) {
    self.window = window
    self.readAt = readAt
    self.took = took
    self.progress = progress
    self.counts = counts
    self.patterns = patterns
    self.counted = counted
    self.dropped = dropped
  }
}

extension LockRow: ListRow {
  package var rowID: LockKey { id }
}

/// A lock as input of a filter, before its row is created.
struct LockCandidate: Filterable {
  let rank: LockState.Rank
  let record: LockRecord
  let pattern: String
  let ttl: Duration?

  static let filterWords: [FilterWord<LockCandidate>] = [
    .init("id", .id, isSearched: true) { lock, _ in .texts(lock.rank.key.key) },
    .init("type", .name) { lock, _ in .texts(lock.pattern) },
    .init("pattern") { lock, _ in .texts(lock.pattern) },
    .init("status", .oneOf(LockVerdict.allCases.map(\.rawValue)), isSearched: true) { lock, _ in
      .texts(lock.record.verdict.rawValue)
    },
    .init("node", isSearched: true) { lock, _ in .texts(lock.record.holding?.holders.map(\.text) ?? []) },
    .init("holder") { lock, _ in .texts(lock.record.holding?.holders.map(\.text) ?? []) },
    .init("source") { lock, _ in .texts(lock.rank.key.source) },
    .init("age", .duration) { lock, now in .duration(now - lock.rank.since) },
    .init("ttl", .duration) { lock, _ in .duration(lock.ttl) },
    .init("waiters", .number) { lock, _ in .count(lock.record.observation?.waiters) },
  ]
}

extension LockRow: TableRow {
  package static let columns: [Column<LockRow>] = [
    .init("LOCK") { row, _ in .text(row.id.key) },
    .init("VERDICT") { row, _ in .text(row.verdict.rawValue) },
    .init("HOLDER") { row, _ in .text(row.holders.first?.text) },
    .init("AGE", .milliseconds) { row, _ in .age(row.age?.duration, mark: row.age?.isExact ?? true ? "" : ">") },
    .init("TTL", .milliseconds) { row, _ in row.isImmortal ? .word("never") : .age(row.ttl) },
    .init("WAITERS", .number) { row, _ in .count(row.waiters) },
    .init("SAGA") { row, _ in .text(row.saga?.id) },
    .init("SOURCE") { row, _ in .text(row.id.source) },
    .init("KIND", isWide: true) { row, _ in .text(row.kind?.rawValue) },
    .init("PATTERN", isWide: true) { row, _ in .text(row.pattern) },
    .init("LEASE", .milliseconds, isWide: true) { row, _ in .age(row.lease) },
    .init("RENEWALS", .number, isWide: true) { row, _ in .count(row.renewals) },
    .init("REASON") { row, _ in .text(row.reason) },
  ]

  package static let vocabulary = FilterVocabulary("locks", LockCandidate.self)
}

/// A pattern of locks, or of keys that are only counted, in a table of both.
package struct LockPatternLine: TableRow, Filterable {
  var pattern: String
  var held: Known<Int64>
  /// Acquisitions per second; for counted keys their change per second.
  var rate: Double?
  var lock: LockPatternRow?

  package init(_ row: LockPatternRow, _ coverage: SourceCoverage) {
    (pattern, held, rate, lock) = (row.pattern, coverage.known(row.held), row.rate, row)
  }

  package init(_ row: CountedPatternRow, _ coverage: SourceCoverage) {
    (pattern, held, rate, lock) = (row.pattern, row.count.map(coverage.known) ?? nil, row.change, nil)
  }

  package static let columns: [Column<LockPatternLine>] = [
    .init("PATTERN") { line, _ in .text(line.pattern) },
    .init("HELD", .number) { line, _ in .count(line.held) },
    .init("TAKEN", .perSecond) { line, _ in .rate(line.rate) },
    .init("P50", .milliseconds) { line, _ in .latency(line.lock?.p50) },
    .init("P95", .milliseconds) { line, _ in .latency(line.lock?.p95) },
    .init("WAITED", .share) { line, _ in .share(line.lock?.contention) },
    .init("LEASE", .milliseconds) { line, _ in .age(line.lock?.lease) },
    .init("COUNTED") { line, _ in .text(line.lock.map { $0.isExact ? "exact" : "sampled" } ?? "counted") },
  ]

  package static let filterWords = FilterWord.words(
    of: columns, beside: [.init("id", .id, isSearched: true) { line, _ in .texts(line.pattern) }])
}
