/// One consumer group in the list of groups.
package struct GroupRow: Sendable, Equatable {
  package var name: String
  package var verdict: LagVerdict
  /// Why, in one sentence with its numbers.
  package var reason: String
  package var state: GroupSample.State?
  package var members: Int?
  /// Messages unread in all its partitions.
  package var lag: Known<Int64>
  /// Of its worst partition.
  package var lagTime: LagTime
  package var drain: DrainTime
  /// Messages per second that arrive in its partitions, and that it reads.
  package var rateIn: Double?
  package var rateOut: Double?
  /// Its lag over the last readings, oldest first.
  package var history: [Double?]
  /// The topics that it commits to or is assigned, sorted.
  package var topics: [String]
  package var partitions: Int
  /// Since when its state is no longer `Stable`, and how often its members changed since then.
  package var rebalancing: Rebalancing?
  /// Why something about it is not known.
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
    lag: Known<Int64> = nil, lagTime: LagTime = .unknown, drain: DrainTime = .unknown, rateIn: Double? = nil,
    rateOut: Double? = nil, history: [Double?] = [], topics: [String] = [], partitions: Int = 0,
    rebalancing: Rebalancing? = nil, error: String? = nil
  ) {
    self.name = name
    self.verdict = verdict
    self.reason = reason
    self.state = state
    self.members = members
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
