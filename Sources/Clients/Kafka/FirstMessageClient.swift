import CKafka
import Core

/// Finds the first message at or after given offsets and reads little more. Has no group and commits nothing.
///
/// `@unchecked Sendable`: librdkafka allows calls for one handle on any thread, and the handles never change. Only one call at a time.
package final class FirstMessageClient: @unchecked Sendable {
  /// The search result for one offset.
  package struct Found: Sendable, Equatable {
    /// Offset of the message, or the end of the readable log if there is no message.
    package var offset: Int64
    package var hasMessage: Bool
    package var time: Timestamp?
  }

  package struct Place: Hashable, Sendable {
    package var partition: TopicPartition
    package var offset: Int64

    package init(_ partition: TopicPartition, _ offset: Int64) {
      self.partition = partition
      self.offset = offset
    }
  }

  private let client: GroupClient
  private let queue: OpaquePointer
  private var handle: OpaquePointer { client.handle }

  /// Uses the client's connections, because each librdkafka client has threads that wake every second. The client defines the isolation.
  package init(_ client: GroupClient) {
    self.client = client
    queue = rd_kafka_queue_new(client.handle)
  }

  deinit { rd_kafka_queue_destroy(queue) }

  /// The places must be in different partitions. Places without a response within `timeout` are missing from the result. Blocks for at
  /// most `timeout`.
  package func first(at places: [Place], timeout: Duration) -> [Place: Found] {
    let end = ContinuousClock.now + timeout
    var waiting: [TopicPartition: Place] = [:]
    var topics: [String: OpaquePointer] = [:]
    for name in Set(places.map(\.partition.topic)) { topics[name] = rd_kafka_topic_new(handle, name, nil) }
    findLeaders(timeout: timeout)
    for place in places {
      guard let topic = topics[place.partition.topic] else { continue }
      if rd_kafka_consume_start_queue(topic, place.partition.partition, place.offset, queue) == 0 {
        waiting[place.partition] = place
      }
    }
    let started = Array(waiting.keys)
    let found = collect(&waiting, until: end)
    for id in started { rd_kafka_consume_stop(topics[id.topic], id.partition) }
    for topic in topics.values { rd_kafka_topic_destroy(topic) }
    // Messages that arrived in the meantime are not needed.
    while let message = rd_kafka_consume_queue(queue, 0) { rd_kafka_message_destroy(message) }
    return found
  }

  /// Requests metadata for the topics known to the handle. Without it librdkafka finds the leaders only after a delay.
  private func findLeaders(timeout: Duration) {
    var metadata: UnsafePointer<rd_kafka_metadata>?
    rd_kafka_metadata(handle, 0, nil, &metadata, Int32(clamping: Int(timeout.milliseconds)))
    if let metadata { rd_kafka_metadata_destroy(metadata) }
  }

  private func collect(
    _ waiting: inout [TopicPartition: Place], until end: ContinuousClock.Instant
  ) -> [Place: Found] {
    var found: [Place: Found] = [:]
    while !waiting.isEmpty, .now < end {
      let rest = max(1, Int(ContinuousClock.now.duration(to: end).milliseconds))
      guard let message = rd_kafka_consume_queue(queue, Int32(clamping: rest)) else { break }
      let received = Received(message: message)
      let id = TopicPartition(topic: String(decoding: received.topic, as: UTF8.self), partition: received.partition)
      if let place = waiting[id], let answer = Self.found(received, from: place.offset) {
        found[place] = answer
        waiting[id] = nil
      }
      rd_kafka_message_destroy(message)
    }
    return found
  }

  /// `nil` for an error, which may be temporary.
  private static func found(_ received: borrowing Received, from offset: Int64) -> Found? {
    switch received.kind {
    case .message: Found(offset: max(offset, received.offset), hasMessage: true, time: received.time)
    case .endOfPartition: Found(offset: max(offset, received.offset), hasMessage: false, time: nil)
    case .error: nil
    }
  }
}
