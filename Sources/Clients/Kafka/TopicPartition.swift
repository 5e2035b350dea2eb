import CKafka
import Core

/// One partition of a topic, by name.
package struct TopicPartition: Hashable, Sendable {
  package var topic: String
  package var partition: Int32

  package init(topic: String, partition: Int32) {
    self.topic = topic
    self.partition = partition
  }
}

/// A list of partitions with offsets, as librdkafka's calls take it.
struct PartitionList: ~Copyable {
  let pointer: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>

  init(_ offsets: some Collection<(key: TopicPartition, value: Int64)>) {
    pointer = rd_kafka_topic_partition_list_new(Int32(clamping: offsets.count))
    for (partition, offset) in offsets {
      rd_kafka_topic_partition_list_add(pointer, partition.topic, partition.partition).pointee.offset = offset
    }
  }

  deinit {
    rd_kafka_topic_partition_list_destroy(pointer)
  }
}

extension TopicPartition {
  /// librdkafka finds each partition of an answer by going through the list, so one list of thousands costs more than several.
  package static func parts(of partitions: [TopicPartition]) -> [ArraySlice<TopicPartition>] {
    stride(from: 0, to: partitions.count, by: longest).map {
      partitions[$0..<min($0 + longest, partitions.count)]
    }
  }

  private static let longest = 500
}
