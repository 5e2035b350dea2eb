/// How much goes through one topic.
package struct TopicRow: Sendable, Equatable {
  package var topic: String
  package var partitions: Int
  /// Messages that lie in it.
  package var messages: Known<Int64>
  /// Messages per second that arrive.
  package var rateIn: Double?
  /// The busiest partition's rate over the mean, 1 when even; `nil` where nothing arrives.
  package var skew: Double?
  package var isDeadLetter: Bool
  /// The groups that commit to it, sorted.
  package var groups: [String]

  package init(
    topic: String, partitions: Int, messages: Known<Int64> = nil, rateIn: Double? = nil, skew: Double? = nil,
    isDeadLetter: Bool = false, groups: [String] = []
  ) {
    self.topic = topic
    self.partitions = partitions
    self.messages = messages
    self.rateIn = rateIn
    self.skew = skew
    self.isDeadLetter = isDeadLetter
    self.groups = groups
  }
}
