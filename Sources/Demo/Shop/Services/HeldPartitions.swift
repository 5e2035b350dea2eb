/// Partitions whose first message cannot be handled: it is tried again and again, and what comes behind it waits, as consumers do that
/// work off a partition in its order.
struct HeldPartitions {
  /// Attempts at a message before it is parked, and milliseconds between two of them.
  static let attempts = 20
  static let retryDelay = 1000

  private var waiting: [OffsetTracker.Partition: [KafkaMessage]] = [:]

  /// How many messages wait.
  var count: Int { waiting.values.reduce(0) { $0 + $1.count } }

  mutating func hold(_ partition: OffsetTracker.Partition) { waiting[partition] = [] }

  /// True when the message has to wait.
  mutating func take(_ message: KafkaMessage, of partition: OffsetTracker.Partition) -> Bool {
    waiting[partition]?.append(message) != nil
  }

  /// Gives back what waited.
  mutating func release(_ partition: OffsetTracker.Partition) -> [KafkaMessage] {
    waiting.removeValue(forKey: partition) ?? []
  }

  mutating func reset() { waiting = [:] }
}
