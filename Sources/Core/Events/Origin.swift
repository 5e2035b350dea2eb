/// Where a message lies in Kafka: its identity for as long as the topic exists.
package struct Origin: Hashable, Sendable {
  package var topic: Symbol
  package var partition: Int32
  package var offset: Int64

  package init(topic: Symbol, partition: Int32, offset: Int64) {
    self.topic = topic
    self.partition = partition
    self.offset = offset
  }
}
