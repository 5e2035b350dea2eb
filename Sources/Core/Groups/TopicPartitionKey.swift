/// Names one partition.
package struct TopicPartitionKey: Hashable, Sendable {
  package var topic: Symbol
  package var partition: Int32

  package init(topic: Symbol, partition: Int32) {
    self.topic = topic
    self.partition = partition
  }
}
