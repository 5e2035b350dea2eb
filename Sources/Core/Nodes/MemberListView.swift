/// One member of a consumer group, as the group's coordinator tells of it.
package struct MemberRow: Sendable, Equatable {
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

  package var id: String { "\(group) \(clientID) \(host)" }
}

/// The members of all consumer groups.
package struct MemberListView: Sendable, Equatable {
  package var rows: [MemberRow]
  /// The position of the first row among all that match, and how many match.
  package var offset: Int
  package var matching: Int
  package var total: Int

  package init(rows: [MemberRow] = [], offset: Int = 0, matching: Int = 0, total: Int = 0) {
    self.rows = rows
    self.offset = offset
    self.matching = matching
    self.total = total
  }
}
