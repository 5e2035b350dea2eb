import CKafka
import Core
import Glibc

/// Publishes many messages to one topic and waits until all are acknowledged. Used by one thread only.
package final class BatchProducer {
  private static let pollTime: Int32 = 100
  /// The messages of a batch are produced together. Without a delay each would become a separate record batch, which is slower to read.
  private static let linger = Duration.milliseconds(20)
  /// librdkafka reports a timeout a little after the message's deadline.
  private static let grace = Duration.seconds(2)
  /// Number of log segments within the retention time.
  private static let segments = 8
  private static let shortestSegment = Duration.seconds(60)

  private let handle: OpaquePointer
  private let queue: OpaquePointer
  /// Created on the first publish: a metadata request for a missing topic makes brokers create it.
  private var topic: OpaquePointer?
  private let name: String
  /// Number of the current batch. It distinguishes its delivery reports from late reports of an earlier batch.
  private var serial = 0
  private var outstanding = 0
  private var failure: String?

  /// `timeout` is the maximum time for the acknowledgement of a message.
  package init(_ access: KafkaAccess, topic name: String, timeout: Duration) throws(KafkaError) {
    let configuration = try KafkaConfiguration.make(access, .producer(linger: Self.linger))
    rd_kafka_conf_set_events(configuration, RD_KAFKA_EVENT_DR)
    handle = try KafkaConfiguration.client(RD_KAFKA_PRODUCER, configuration, access)
    queue = rd_kafka_queue_get_main(handle)
    self.name = name
    self.timeout = timeout
  }

  private let timeout: Duration

  deinit {
    rd_kafka_purge(handle, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT)
    if let topic { rd_kafka_topic_destroy(topic) }
    rd_kafka_queue_destroy(queue)
    rd_kafka_destroy(handle)
  }

  /// Starts a batch.
  package func begin() {
    serial += 1
    (outstanding, failure) = (0, nil)
    if topic == nil { open() }
  }

  private func open() {
    let options = rd_kafka_topic_conf_new()
    rd_kafka_topic_conf_set(options, "message.timeout.ms", String(max(1, Int(timeout.milliseconds))), nil, 0)
    topic = rd_kafka_topic_new(handle, name, options)
    guard topic == nil else { return }
    failure = "topic \(name): \(KafkaConfiguration.text(rd_kafka_last_error()))"
    rd_kafka_topic_conf_destroy(options)
  }

  /// A `value` of `nil` is a tombstone.
  package func add(key: [UInt8], value: [UInt8]?) {
    while failure == nil {
      if produce(key, value) == 0 {
        outstanding += 1
        return
      }
      let error = rd_kafka_last_error()
      guard error == RD_KAFKA_RESP_ERR__QUEUE_FULL else {
        return failure = "topic \(name): \(KafkaConfiguration.text(error))"
      }
      drain(wait: Self.pollTime)
    }
  }

  private func produce(_ key: [UInt8], _ value: [UInt8]?) -> Int32 {
    key.withUnsafeBytes { key in
      (value ?? []).withUnsafeBytes { bytes in
        rd_kafka_produce(
          topic, RD_KAFKA_PARTITION_UA, RD_KAFKA_MSG_F_COPY,
          value == nil ? nil : UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count, key.baseAddress,
          key.count, UnsafeMutableRawPointer(bitPattern: serial))
      }
    }
  }

  /// Waits until the whole batch is acknowledged. Returns an error text, or `nil` on success.
  package func finish() -> String? {
    let end = ContinuousClock.now + timeout + Self.grace
    while outstanding > 0, failure == nil {
      guard ContinuousClock.now < end else {
        return "topic \(name): no broker confirmed \(outstanding) records in time"
      }
      drain(wait: Self.pollTime)
    }
    return failure
  }

  private func drain(wait: Int32) {
    guard let event = rd_kafka_queue_poll(queue, wait) else { return }
    defer { rd_kafka_event_destroy(event) }
    guard rd_kafka_event_type(event) == RD_KAFKA_EVENT_DR else { return }
    while let message = rd_kafka_event_message_next(event) {
      guard Int(bitPattern: message.pointee._private) == serial else { continue }
      outstanding -= 1
      if message.pointee.err != RD_KAFKA_RESP_ERR_NO_ERROR {
        failure = "topic \(name): \(KafkaConfiguration.text(message.pointee.err))"
      }
    }
  }

  /// Creates a compacted topic with records that expire after `retention`. Returns an error text, or `nil` on success. Blocks for at most
  /// `timeout`.
  package func create(partitions: Int32, retention: Duration, timeout: Duration) -> String? {
    var text = [CChar](repeating: 0, count: 512)
    var new = rd_kafka_NewTopic_new(name, partitions, -1, &text, text.count)
    guard new != nil else { return "topic \(name) cannot be created" }
    defer { rd_kafka_NewTopic_destroy(new) }
    rd_kafka_NewTopic_set_config(new, "cleanup.policy", "compact,delete")
    rd_kafka_NewTopic_set_config(new, "retention.ms", String(Int(retention.milliseconds)))
    // Brokers compact and delete only complete segments, never the active one.
    let segment = max(Self.shortestSegment, retention / Self.segments)
    rd_kafka_NewTopic_set_config(new, "segment.ms", String(Int(segment.milliseconds)))
    guard let answers = rd_kafka_queue_new(handle) else { return "topic \(name): no memory" }
    defer { rd_kafka_queue_destroy(answers) }
    rd_kafka_CreateTopics(handle, &new, 1, nil, answers)
    guard let event = rd_kafka_queue_poll(answers, Int32(clamping: Int(timeout.milliseconds))) else {
      return "topic \(name): no broker answered within \(timeout.components.seconds) s"
    }
    defer { rd_kafka_event_destroy(event) }
    return refusal(event)
  }

  private func refusal(_ event: OpaquePointer) -> String? {
    guard rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR_NO_ERROR else {
      return "topic \(name): \(KafkaConfiguration.text(rd_kafka_event_error(event)))"
    }
    var count = 0
    guard let result = rd_kafka_event_CreateTopics_result(event),
      let topics = rd_kafka_CreateTopics_result_topics(result, &count), count > 0
    else { return "topic \(name): the broker gave no result" }
    let error = rd_kafka_topic_result_error(topics[0])
    if error == RD_KAFKA_RESP_ERR_NO_ERROR || error == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS { return nil }
    return "topic \(name): \(KafkaConfiguration.text(error))"
  }
}
