import CKafka
import Core

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
