import CKafka
import Core
import Glibc

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

/// Topics' names as symbols and back, without asking the table, which all threads share, for every partition. Belongs to one thread.
package final class TopicNames {
  /// Topics come and go; past this many it starts anew.
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

  /// Partitions of one topic come in a row, so the last name is mostly the right one.
  package func symbol(_ name: UnsafePointer<CChar>) -> Symbol {
    if let last, strcmp(last.name, name) == 0 { return last.symbol }
    let symbol = symbol(String(cString: name))
    free(last?.name)
    last = strdup(name).map { ($0, symbol) }
    return symbol
  }

  /// Of a symbol that came from here.
  package func name(_ symbol: Symbol) -> String { names[symbol] ?? table.text(symbol) }
}

/// What a broker says of its cluster.
package struct ClusterMetadata: Sendable {
  package struct Partition: Sendable, Equatable {
    package var id: Int32
    /// The broker that leads it; negative when none does.
    package var leader: Int32
  }

  /// `host:port` by broker id.
  package var brokers: [Int32: String]
  package var topics: [String: [Partition]]

  /// Asks a broker for all topics. Blocks for at most `timeout`.
  package static func ask(_ handle: OpaquePointer, timeout: Duration) -> Result<ClusterMetadata, KafkaError> {
    var pointer: UnsafePointer<rd_kafka_metadata>?
    let error = rd_kafka_metadata(handle, 1, nil, &pointer, Int32(clamping: Int(timeout.milliseconds)))
    guard error == RD_KAFKA_RESP_ERR_NO_ERROR, let metadata = pointer?.pointee else {
      return .failure(KafkaError(description: KafkaConfiguration.text(error)))
    }
    defer { rd_kafka_metadata_destroy(pointer) }
    return .success(ClusterMetadata(brokers: brokers(metadata), topics: topics(metadata)))
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

  private static func topics(_ metadata: rd_kafka_metadata) -> [String: [Partition]] {
    var topics: [String: [Partition]] = [:]
    for index in 0..<Int(metadata.topic_cnt) {
      let topic = metadata.topics[index]
      guard topic.err == RD_KAFKA_RESP_ERR_NO_ERROR, let name = topic.topic else { continue }
      topics[String(cString: name)] = (0..<Int(topic.partition_cnt)).map {
        Partition(id: topic.partitions[$0].id, leader: topic.partitions[$0].leader)
      }
    }
    return topics
  }
}
