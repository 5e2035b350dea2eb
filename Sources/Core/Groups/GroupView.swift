/// Everything about one consumer group.
package struct GroupView: Sendable, Equatable {
  package var row: GroupRow
  /// The worst first, then by topic and number.
  package var partitions: [GroupPartitionRow]
  /// `nil` when not known.
  package var members: [GroupMemberRow]?
  /// The largest lag of a partition over the mean of all, 1 when even; `nil` without lag.
  package var skew: Double?

  package init(
    row: GroupRow, partitions: [GroupPartitionRow] = [], members: [GroupMemberRow]? = nil, skew: Double? = nil
  ) {
    self.row = row
    self.partitions = partitions
    self.members = members
    self.skew = skew
  }
}

/// One member of a consumer group.
package struct GroupMemberRow: Sendable, Equatable {
  package var clientID: String
  package var host: String
  package var partitions: Int
  package var lag: Known<Int64>

  package init(clientID: String, host: String, partitions: Int, lag: Known<Int64> = nil) {
    self.clientID = clientID
    self.host = host
    self.partitions = partitions
    self.lag = lag
  }
}
