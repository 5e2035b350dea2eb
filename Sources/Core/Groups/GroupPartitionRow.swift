/// One partition that a consumer group reads.
package struct GroupPartitionRow: Sendable, Equatable {
  package var topic: String
  package var partition: Int32
  package var verdict: LagVerdict
  package var reason: String
  /// The member that it is assigned to; `nil` when none is, or when that is not known.
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
