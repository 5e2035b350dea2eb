package typealias GroupQuery = ListQuery<GroupOrder, String>

package enum GroupOrder: String, RowOrder {
  /// Worst verdict first, then largest lag, then name.
  case severity
  case name
  case members
  case lag
  case oldest
  case drain
  case arriving
  case reading

  package static let standard = GroupOrder.severity

  package func key(_ row: GroupRow) -> SortKey {
    switch self {
    case .severity: .text(nil)
    case .name: .text(row.name)
    case .members: .number(row.members)
    case .lag: .number(row.lag.value)
    case .oldest: .number(row.lagTime.age)
    case .drain: .number(Self.seconds(row.drain))
    case .arriving: .number(row.rateIn)
    case .reading: .number(row.rateOut)
    }
  }

  private static func seconds(_ drain: DrainTime) -> Double? {
    switch drain {
    case .unknown: nil
    case .nothing: 0
    case .after(let time): time.seconds
    case .notDraining: .infinity
    }
  }
}

extension GroupRow {
  /// The standard order.
  static func isWorse(_ left: GroupRow, _ right: GroupRow) -> Bool {
    if left.verdict != right.verdict { return left.verdict > right.verdict }
    let (first, second) = (left.lag.last ?? -1, right.lag.last ?? -1)
    if first != second { return first > second }
    return left.name < right.name
  }
}

/// The consumer groups of the cluster.
package struct GroupList: ListView {
  package var window: ListWindow<GroupRow>
  /// Number of groups per verdict.
  package var counts: [LagVerdict: Int]
  /// Time of the last poll; `nil` before the first.
  package var readAt: Timestamp?
  package var took: Duration?
  package var requests: Int?
  /// `false` if the broker cannot list groups: the list then contains only the configured groups.
  package var isListed: Bool
  /// Why groups that should be watched are missing, as part of a sentence; `nil` if none is missing.
  package var incompleteness: String?
  /// Transactions that have been open for too long, by topic and partition.
  package var openTransactions: [OpenTransaction] = []

  /// Combined health of all groups: well only if every group is known to be well.
  package var health: Health {
    if counts.contains(where: { $0.key.isTrouble && $0.value > 0 }) { return .trouble }
    let well = (counts[.ok] ?? 0) + (counts[.warning] ?? 0)
    guard incompleteness == nil else { return .unknown }
    return readAt != nil && well > 0 && counts[.unknown] ?? 0 == 0 ? .well : .unknown
  }

  package init(
    _ window: ListWindow<GroupRow> = ListWindow(), counts: [LagVerdict: Int] = [:], readAt: Timestamp? = nil,
    took: Duration? = nil, requests: Int? = nil, isListed: Bool = true, incompleteness: String? = nil
  ) {
    self.window = window
    self.counts = counts
    self.readAt = readAt
    self.took = took
    self.requests = requests
    self.isListed = isListed
    self.incompleteness = incompleteness
  }
}

extension GroupList {
  /// Number of groups with a verdict, with the quality that the sources allow.
  package func known(_ verdict: LagVerdict, _ coverage: SourceCoverage) -> Known<Int64> {
    guard readAt != nil else { return .unknown("no consumer group was read") }
    let count = coverage.known(counts[verdict] ?? 0)
    return missing.map(count.orMore) ?? count
  }

  /// Why the list may lack groups; `nil` if it is complete.
  private var missing: String? { incompleteness ?? (isListed ? nil : "the broker does not list its consumer groups") }

  package func quality(_ coverage: SourceCoverage) -> Quality {
    readAt == nil ? .unknown : coverage.quality == .exact && missing != nil ? .atLeast : coverage.quality
  }
}

extension GroupRow: ListRow {
  package var rowID: String { name }
}

extension GroupRow: TableRow, Filterable {
  package static let columns: [Column<GroupRow>] = [
    .init("GROUP") { row, _ in .text(row.name) },
    .init("VERDICT") { row, _ in .text(row.verdict.rawValue) },
    .init("STATE") { row, _ in .text(row.state?.rawValue) },
    .init("MEMBERS", .number) { row, _ in .count(row.members) },
    .init("LAG", .number) { row, _ in .count(row.lag) },
    .init("OLDEST", .milliseconds) { row, _ in row.lagTime.columnValue },
    .init("DRAIN", .milliseconds) { row, _ in row.drain.columnValue },
    .init("IN", .perSecond) { row, _ in .rate(row.rateIn) },
    .init("OUT", .perSecond) { row, _ in .rate(row.rateOut) },
    .init("PARTITIONS", .number, isWide: true) { row, _ in .count(row.partitions) },
    .init("REASON") { row, _ in .text(row.reason.isEmpty ? row.error : row.reason) },
  ]

  package static let filterWords = FilterWord.words(
    of: columns,
    beside: [
      .init("id", .id, isSearched: true) { row, _ in .texts(row.name) },
      .init(
        "status", .oneOf(LagVerdict.allCases.map(\.rawValue) + GroupSample.State.allCases.map(\.rawValue))
      ) { row, _ in .texts(row.verdict.rawValue, row.state?.rawValue) },
      .init("topic") { row, _ in .texts(row.topics) },
      .init("error") { row, _ in .texts(row.error) },
      .init("age", .duration) { row, _ in .duration(row.lagTime.age) },
      .init("verdict", .oneOf(LagVerdict.allCases.map(\.rawValue)), isSearched: true) { row, _ in
        .texts(row.verdict.rawValue)
      },
      .init("state", .oneOf(GroupSample.State.allCases.map(\.rawValue))) { row, _ in .texts(row.state?.rawValue) },
    ])

  package static let vocabulary = FilterVocabulary("groups", GroupRow.self)
}

/// A partition that a group reads, in a table of all groups' partitions.
package struct GroupPartitionLine: TableRow, Filterable {
  package var group: String
  package var row: GroupPartitionRow

  package init(group: String, row: GroupPartitionRow) {
    self.group = group
    self.row = row
  }

  package static let columns: [Column<GroupPartitionLine>] = [
    .init("GROUP") { line, _ in .text(line.group) },
    .init("TOPIC") { line, _ in .text(line.row.topic) },
    .init("PARTITION", .number) { line, _ in .count(line.row.partition) },
    .init("MEMBER") { line, _ in .text(line.row.clientID) },
    .init("HOST") { line, _ in .text(line.row.host) },
    .init("COMMITTED", .number) { line, _ in .count(line.row.committed) },
    .init("START", .number) { line, _ in .count(line.row.start) },
    .init("END", .number) { line, _ in .count(line.row.end) },
    .init("LAG", .number) { line, _ in .count(line.row.lag) },
    .init("OLDEST", .milliseconds) { line, _ in line.row.lagTime.columnValue },
    .init("IN", .perSecond, isWide: true) { line, _ in .rate(line.row.rateIn) },
    .init("OUT", .perSecond, isWide: true) { line, _ in .rate(line.row.rateOut) },
    .init("VERDICT") { line, _ in .text(line.row.verdict.rawValue) },
  ]

  package static let filterWords = FilterWord.words(
    of: columns,
    beside: [
      .init("id", .id, isSearched: true) { line, _ in .texts(line.group) },
      .init("status", .oneOf(LagVerdict.allCases.map(\.rawValue)), isSearched: true) { line, _ in
        .texts(line.row.verdict.rawValue)
      },
    ])
}

extension LagTime {
  var columnValue: ColumnValue { .age(age, mark: quality.mark) }
}

extension DrainTime {
  var columnValue: ColumnValue {
    switch self {
    case .unknown: .age(nil)
    case .nothing: .age(.zero)
    case .after(let time): .age(time)
    case .notDraining: .word("never")
    }
  }
}
