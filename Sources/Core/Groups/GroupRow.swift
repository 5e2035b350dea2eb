package struct GroupRow: Sendable, Equatable {
  package var name: String
  package var verdict: LagVerdict
  /// The reason for the verdict, in one sentence with its numbers.
  package var reason: String
  package var state: GroupSample.State?
  package var members: Int?
  /// Offsets are committed by a client that is not a member: the group is judged by its commits alone.
  package var commitsWithoutMembers: Bool
  /// Number of unread messages in all its partitions.
  package var lag: Known<Int64>
  /// The lag time of its worst partition.
  package var lagTime: LagTime
  package var drain: DrainTime
  /// Messages per second: arriving in its partitions, and read by the group.
  package var rateIn: Double?
  package var rateOut: Double?
  /// Lag of the last samples, oldest first.
  package var history: [Double?]
  /// The topics it commits to or is assigned, sorted.
  package var topics: [String]
  package var partitions: Int
  /// When the group left the state `Stable`, and how often its members have changed since then.
  package var rebalancing: Rebalancing?
  /// Why a value is unknown.
  package var error: String?

  package struct Rebalancing: Sendable, Equatable {
    package var since: Timestamp
    package var changes: Int

    package init(since: Timestamp, changes: Int) {
      self.since = since
      self.changes = changes
    }
  }

  package init(
    name: String, verdict: LagVerdict, reason: String = "", state: GroupSample.State? = nil, members: Int? = nil,
    commitsWithoutMembers: Bool = false, lag: Known<Int64> = nil, lagTime: LagTime = .unknown,
    drain: DrainTime = .unknown, rateIn: Double? = nil, rateOut: Double? = nil, history: [Double?] = [],
    topics: [String] = [], partitions: Int = 0,
    rebalancing: Rebalancing? = nil, error: String? = nil
  ) {
    self.name = name
    self.verdict = verdict
    self.reason = reason
    self.state = state
    self.members = members
    self.commitsWithoutMembers = commitsWithoutMembers
    self.lag = lag
    self.lagTime = lagTime
    self.drain = drain
    self.rateIn = rateIn
    self.rateOut = rateOut
    self.history = history
    self.topics = topics
    self.partitions = partitions
    self.rebalancing = rebalancing
    self.error = error
  }
}

package struct GroupPartitionRow: Sendable, Equatable {
  package var topic: String
  package var partition: Int32
  package var verdict: LagVerdict
  package var reason: String
  /// The member it is assigned to; `nil` if none or unknown.
  package var clientID: String?
  package var host: String?
  package var committed: Int64?
  package var start: Int64?
  package var end: Int64?
  package var lag: Known<Int64>
  package var lagTime: LagTime
  package var rateIn: Double?
  package var rateOut: Double?

  package init(
    topic: String, partition: Int32, verdict: LagVerdict, reason: String = "", clientID: String? = nil,
    host: String? = nil, committed: Int64? = nil, start: Int64? = nil, end: Int64? = nil, lag: Known<Int64> = nil,
    lagTime: LagTime = .unknown, rateIn: Double? = nil, rateOut: Double? = nil
  ) {
    self.topic = topic
    self.partition = partition
    self.verdict = verdict
    self.reason = reason
    self.clientID = clientID
    self.host = host
    self.committed = committed
    self.start = start
    self.end = end
    self.lag = lag
    self.lagTime = lagTime
    self.rateIn = rateIn
    self.rateOut = rateOut
  }
}

/// All details of one consumer group.
package struct GroupView: Sendable, Equatable {
  package var row: GroupRow
  /// Worst first, then by topic and number.
  package var partitions: [GroupPartitionRow]
  /// `nil` if unknown.
  package var members: [GroupMemberRow]?
  /// The largest lag of a partition divided by the mean, 1 if even; `nil` without lag.
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
