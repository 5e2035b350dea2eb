import CKafka
import TestSupport

/// Reads the lag of all groups like most tools do: sequential requests, one per partition.
final class NaiveReader {
  private let handle: OpaquePointer
  private let queue: OpaquePointer

  init(_ brokers: String) throws {
    let configuration = rd_kafka_conf_new()
    rd_kafka_conf_set(configuration, "bootstrap.servers", brokers, nil, 0)
    guard let handle = rd_kafka_new(RD_KAFKA_PRODUCER, configuration, nil, 0), let queue = rd_kafka_queue_new(handle)
    else { throw TestFailure("librdkafka gives no client") }
    (self.handle, self.queue) = (handle, queue)
  }

  deinit {
    rd_kafka_queue_destroy(queue)
    rd_kafka_destroy(handle)
  }

  func read(groups: [String], partitions: [(topic: String, partition: Int32)]) throws {
    for group in groups { try readCommits(group) }
    var (start, end) = (Int64(0), Int64(0))
    for (topic, partition) in partitions {
      guard rd_kafka_query_watermark_offsets(handle, topic, partition, &start, &end, 5000) == RD_KAFKA_RESP_ERR_NO_ERROR
      else { throw TestFailure("no offsets of \(topic)") }
    }
  }

  private func readCommits(_ group: String) throws {
    var request: OpaquePointer? = rd_kafka_ListConsumerGroupOffsets_new(group, nil)
    rd_kafka_ListConsumerGroupOffsets(handle, &request, 1, nil, queue)
    rd_kafka_ListConsumerGroupOffsets_destroy(request)
    guard let event = rd_kafka_queue_poll(queue, 10_000) else { throw TestFailure("no commits of \(group)") }
    defer { rd_kafka_event_destroy(event) }
    guard rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR_NO_ERROR else { throw TestFailure("no commits of \(group)") }
  }
}
