package typealias MemberQuery = ListQuery<MemberOrder, String>
package typealias MemberList = ListWindow<MemberRow>

package enum MemberOrder: String, RowOrder {
  /// By group, then by client id and host.
  case group
  case client
  case host
  case partitions
  case lag

  package static let standard = MemberOrder.group

  package func key(_ row: MemberRow) -> SortKey {
    switch self {
    case .group: .text(nil)
    case .client: .text(row.clientID)
    case .host: .text(row.host)
    case .partitions: .number(row.partitions)
    case .lag: .number(row.lag.value)
    }
  }
}

/// One member of a consumer group, as described by the group coordinator.
package struct MemberRow: ListRow {
  package var group: String
  package var clientID: String
  package var host: String
  package var partitions: Int
  package var lag: Known<Int64>

  package init(group: String, clientID: String, host: String, partitions: Int, lag: Known<Int64> = nil) {
    self.group = group
    self.clientID = clientID
    self.host = host
    self.partitions = partitions
    self.lag = lag
  }

  package var rowID: String { "\(group) \(clientID) \(host)" }
}

extension MemberRow: TableRow, Filterable {
  package static let columns: [Column<MemberRow>] = [
    .init("GROUP") { row, _ in .text(row.group) },
    .init("CLIENT") { row, _ in .text(row.clientID) },
    .init("HOST") { row, _ in .text(row.host) },
    .init("PARTITIONS", .number) { row, _ in .count(row.partitions) },
    .init("LAG", .number) { row, _ in .count(row.lag) },
  ]

  package static let filterWords = FilterWord.words(
    of: columns,
    beside: [
      .init("id", .id, isSearched: true) { row, _ in .texts(row.group, row.clientID, row.host) },
      .init("node") { row, _ in .texts(row.clientID, row.host) },
    ])

  package static let vocabulary = FilterVocabulary("members", MemberRow.self)
}
