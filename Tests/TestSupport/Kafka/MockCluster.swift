import CKafka

/// librdkafka's mock cluster: brokers inside the test process that implement the real protocol and can simulate failures. It creates any
/// topic on write and does not support offsets by time.
///
/// `@unchecked Sendable`: librdkafka allows these calls on any thread.
package final class MockCluster: @unchecked Sendable {
  private let client: OpaquePointer
  private let cluster: OpaquePointer

  package init(brokers: Int32 = 1) throws {
    let configuration = rd_kafka_conf_new()
    rd_kafka_conf_set(configuration, "log_level", "0", nil, 0)
    guard let client = rd_kafka_new(RD_KAFKA_PRODUCER, configuration, nil, 0) else {
      rd_kafka_conf_destroy(configuration)
      throw TestFailure("librdkafka gives no client for a mock cluster")
    }
    guard let cluster = rd_kafka_mock_cluster_new(client, brokers) else {
      rd_kafka_destroy(client)
      throw TestFailure("librdkafka gives no mock cluster")
    }
    (self.client, self.cluster) = (client, cluster)
  }

  deinit {
    rd_kafka_mock_cluster_destroy(cluster)
    rd_kafka_destroy(client)
  }

  /// For `bootstrap.servers`.
  package var brokers: String { String(cString: rd_kafka_mock_cluster_bootstraps(cluster)) }

  package func createTopic(_ name: String, partitions: Int32 = 1) {
    rd_kafka_mock_topic_create(cluster, name, partitions, 1)
  }

  package func setLeader(of topic: String, _ partition: Int32, to broker: Int32) {
    rd_kafka_mock_partition_set_leader(cluster, topic, partition, broker)
  }

  package func setCoordinator(of group: String, to broker: Int32) {
    rd_kafka_mock_coordinator_set(cluster, "group", group, broker)
  }

  /// The error of a topic in the following metadata responses; 0 is none.
  package func setError(of topic: String, _ error: Int32) {
    rd_kafka_mock_topic_set_error(cluster, topic, rd_kafka_resp_err_t(error))
  }

  package enum Request: Int16, Sendable {
    case produce = 0
    case fetch = 1
    case listOffsets = 2
    case offsetFetch = 9
    case findCoordinator = 10
  }

  package static let groupAuthorizationFailed = RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED.rawValue
  package static let topicAuthorizationFailed = RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED.rawValue
  package static let requestTimedOut = RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT.rawValue
  package static let unknown = RD_KAFKA_RESP_ERR_UNKNOWN.rawValue
  package static let unknownTopic = RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART.rawValue

  /// The next `times` requests of this kind fail with an error; later ones succeed.
  package func refuse(_ request: Request, with error: Int32, times: Int) {
    rd_kafka_mock_clear_request_errors(cluster, request.rawValue)
    let errors = [rd_kafka_resp_err_t](repeating: rd_kafka_resp_err_t(error), count: times)
    rd_kafka_mock_push_request_errors_array(cluster, request.rawValue, times, errors)
  }

  /// The broker closes its connections and accepts no more.
  package func takeDown(_ broker: Int32) { rd_kafka_mock_broker_set_down(cluster, broker) }

  package func bringUp(_ broker: Int32) { rd_kafka_mock_broker_set_up(cluster, broker) }
}
