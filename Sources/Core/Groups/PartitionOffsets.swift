/// Where a partition's log begins and ends.
package struct PartitionOffsets: Sendable, Equatable {
  package var topic: Symbol
  package var partition: Int32
  /// The first offset that is still there; `nil` without an answer in this round.
  package var start: Int64?
  /// The offset that the next message will get; `nil` without an answer in this round.
  package var end: Int64?

  package init(topic: Symbol, partition: Int32, start: Int64?, end: Int64?) {
    self.topic = topic
    self.partition = partition
    self.start = start
    self.end = end
  }
}
