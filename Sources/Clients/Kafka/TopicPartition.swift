import CKafka
import Core
import Glibc

package struct TopicPartition: Hashable, Sendable {
  package var topic: String
  package var partition: Int32

  package init(topic: String, partition: Int32) {
    self.topic = topic
    self.partition = partition
  }
}

/// A list of partitions with offsets in librdkafka's format.
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
  /// Splits the partitions into lists of at most 500: librdkafka searches the list linearly for each partition of a response, so one list
  /// of thousands of partitions costs more than several short ones.
  package static func parts(of partitions: [TopicPartition]) -> [ArraySlice<TopicPartition>] {
    stride(from: 0, to: partitions.count, by: longest).map {
      partitions[$0..<min($0 + longest, partitions.count)]
    }
  }

  private static let longest = 500
}

/// Converts topic names to symbols and back, with a cache that avoids the shared symbol table. Used by one thread only.
package final class TopicNames {
  /// The cache is cleared when it has this many topics.
  private static let capacity = 100_000

  private let table: SymbolTable
  private var symbols: [String: Symbol] = [:]
  private var names: [Symbol: String] = [:]
  private var last: (name: UnsafeMutablePointer<CChar>, symbol: Symbol)?

  package init(_ table: SymbolTable) {
    self.table = table
  }

  deinit {
    free(last?.name)
  }

  package func symbol(_ name: String) -> Symbol {
    if let known = symbols[name] { return known }
    if symbols.count >= Self.capacity { (symbols, names) = ([:], [:]) }
    let symbol = table.symbol(name)
    symbols[name] = symbol
    names[symbol] = table.text(symbol)
    return symbol
  }

  /// Compares with the last name first, because partitions of one topic usually follow each other.
  package func symbol(_ name: UnsafePointer<CChar>) -> Symbol {
    if let last, strcmp(last.name, name) == 0 { return last.symbol }
    let symbol = symbol(String(cString: name))
    free(last?.name)
    last = strdup(name).map { ($0, symbol) }
    return symbol
  }

  /// `symbol` must come from this object.
  package func name(_ symbol: Symbol) -> String { names[symbol] ?? table.text(symbol) }
}

/// Metadata reported by a broker.
package struct ClusterMetadata: Sendable {
  package struct Partition: Sendable, Equatable {
    package var id: Int32
    /// Broker id of the leader; negative if there is none.
    package var leader: Int32
  }

  /// `host:port` for each broker id.
  package var brokers: [Int32: String]
  package var topics: [String: [Partition]]
  /// Why the partitions of existing topics are not known, by topic.
  package var troubled: [String: String] = [:]

  package func isAbsent(_ topic: String) -> Bool { topics[topic] == nil && troubled[topic] == nil }

  /// Whether the partition does not exist. A partition of a topic with an error may exist.
  package func isGone(_ id: TopicPartition) -> Bool {
    troubled[id.topic] == nil && !(topics[id.topic] ?? []).contains { $0.id == id.partition }
  }

  /// Requests metadata of all topics from a broker. Blocks for at most `timeout`.
  package static func ask(_ handle: OpaquePointer, timeout: Duration) -> Result<ClusterMetadata, KafkaError> {
    var pointer: UnsafePointer<rd_kafka_metadata>?
    let error = rd_kafka_metadata(handle, 1, nil, &pointer, Int32(clamping: Int(timeout.milliseconds)))
    guard error == RD_KAFKA_RESP_ERR_NO_ERROR, let metadata = pointer?.pointee else {
      return .failure(KafkaError(description: KafkaConfiguration.text(error)))
    }
    defer { rd_kafka_metadata_destroy(pointer) }
    return .success(
      ClusterMetadata(brokers: brokers(metadata), topics: topics(metadata), troubled: troubled(metadata)))
  }

  private static func brokers(_ metadata: rd_kafka_metadata) -> [Int32: String] {
    var brokers: [Int32: String] = [:]
    for index in 0..<Int(metadata.broker_cnt) {
      let broker = metadata.brokers[index]
      guard let host = broker.host else { continue }
      brokers[broker.id] = "\(String(cString: host)):\(broker.port)"
    }
    return brokers
  }

  private static func troubled(_ metadata: rd_kafka_metadata) -> [String: String] {
    var troubled: [String: String] = [:]
    for index in 0..<Int(metadata.topic_cnt) {
      let topic = metadata.topics[index]
      guard topic.err != RD_KAFKA_RESP_ERR_NO_ERROR, topic.err != RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART,
        let name = topic.topic
      else { continue }
      troubled[String(cString: name)] = KafkaConfiguration.text(topic.err)
    }
    return troubled
  }

  private static func topics(_ metadata: rd_kafka_metadata) -> [String: [Partition]] {
    var topics: [String: [Partition]] = [:]
    for index in 0..<Int(metadata.topic_cnt) {
      let topic = metadata.topics[index]
      guard topic.err == RD_KAFKA_RESP_ERR_NO_ERROR, let name = topic.topic else { continue }
      // A partition that is listed twice must not be read twice.
      var seen: Set<Int32> = []
      topics[String(cString: name)] = (0..<Int(topic.partition_cnt)).compactMap {
        let partition = topic.partitions[$0]
        guard partition.id >= 0, seen.insert(partition.id).inserted else { return nil }
        return Partition(id: partition.id, leader: partition.leader)
      }
    }
    return topics
  }
}
