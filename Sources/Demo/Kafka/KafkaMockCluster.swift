import CKafka

/// librdkafka's mock cluster: brokers inside this process that speak the real protocol. It lives as long as the client that created it.
struct KafkaMockCluster {
  /// HOST:PORT of the brokers.
  let bootstrap: String
  private let cluster: OpaquePointer

  /// The setting that makes a client create a mock cluster with that number of brokers.
  static func settings(brokers: Int) -> [String: String] { ["test.mock.num.brokers": String(brokers)] }

  init(of handle: KafkaHandle) throws(KafkaFailure) {
    guard let cluster = rd_kafka_handle_mock_cluster(handle.client),
      let servers = rd_kafka_mock_cluster_bootstraps(cluster)
    else { throw KafkaFailure("the mock cluster", "did not start") }
    self.cluster = cluster
    bootstrap = String(cString: servers)
  }

  func create(_ topic: String, partitions: Int) throws(KafkaFailure) {
    let result = rd_kafka_mock_topic_create(cluster, topic, Int32(clamping: partitions), 1)
    guard result == RD_KAFKA_RESP_ERR_NO_ERROR else {
      throw KafkaFailure("creating \(topic) on the mock cluster", code: result.rawValue)
    }
  }
}
