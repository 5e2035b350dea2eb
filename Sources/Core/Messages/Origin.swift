/// Where a message was read. No two messages have the same.
package struct Origin: Hashable, Sendable {
  /// The topic, or the name of the document or command that was read in place of one.
  package var topic: Symbol
  /// Negative for what lies in no topic.
  package var partition: Int32
  /// The offset in the partition; else the how-manieth message of its source it was.
  package var offset: Int64

  package init(topic: Symbol, partition: Int32, offset: Int64) {
    self.topic = topic
    self.partition = partition
    self.offset = offset
  }

  /// Of a message that a document or a command gave, counted in the order in which they were read.
  package init(source: Symbol, number: Int64) {
    self.init(topic: source, partition: -1, offset: number)
  }

  package var isInTopic: Bool { partition >= 0 }
}
