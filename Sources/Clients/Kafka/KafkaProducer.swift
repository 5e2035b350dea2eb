import CKafka
import Core
import Text

/// Publishes one message at a time and waits for the broker's acknowledgement. Used by one thread only.
package final class KafkaProducer {
  package struct Record {
    package var topic: String
    /// If `nil`, the partition is chosen by the key.
    package var partition: Int32?
    package var message: KafkaMessage

    package init(topic: String, partition: Int32?, message: KafkaMessage) {
      self.topic = topic
      self.partition = partition
      self.message = message
    }
  }

  package enum Outcome {
    case published(partition: Int32, offset: Int64)
    /// The message was not sent.
    case notSent(String)
    /// The brokers did not store the message.
    case notPublished(String)
    /// The brokers may have stored the message.
    case unknown(String)
  }

  /// librdkafka reports a timeout slightly after `message.timeout.ms`.
  private static let grace = Duration.seconds(2)
  /// Timeout for the list of topics.
  private static let listing = Duration.seconds(3)

  private let handle: OpaquePointer
  private let queue: OpaquePointer
  /// Topics known to exist.
  private var known: Set<String> = []
  /// Number of the current message. It distinguishes its delivery report from late reports of earlier messages.
  private var serial = 0

  /// The operator cannot override the properties that guarantee delivery (idempotence, `acks`).
  package init(_ access: KafkaAccess) throws(KafkaError) {
    let configuration = try KafkaConfiguration.make(access, .producer(linger: .zero))
    rd_kafka_conf_set_events(configuration, RD_KAFKA_EVENT_DR)
    handle = try KafkaConfiguration.client(RD_KAFKA_PRODUCER, configuration, access)
    queue = rd_kafka_queue_get_main(handle)
  }

  deinit {
    // A queued message must not be sent after its outcome was reported.
    rd_kafka_purge(handle, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT)
    rd_kafka_queue_destroy(queue)
    rd_kafka_destroy(handle)
  }

  /// Blocks for at most `timeout` plus a grace time of two seconds.
  package func publish(_ record: Record, timeout: Duration) -> Outcome {
    serial += 1
    let end = ContinuousClock.now + timeout
    if let reason = missing(record.topic, within: min(timeout, Self.listing)) { return .notSent(reason) }
    if let reason = produce(record, timeout: max(.milliseconds(1), end - .now)) { return .notSent(reason) }
    return report(of: record.topic, until: end + Self.grace, timeout: timeout)
  }

  /// Returns an error text if the topic does not exist. Publishing to a missing topic would create it if the brokers allow that.
  private func missing(_ topic: String, within time: Duration) -> String? {
    if known.contains(topic) { return nil }
    var metadata: UnsafePointer<rd_kafka_metadata>?
    let error = rd_kafka_metadata(handle, 1, nil, &metadata, Int32(clamping: Int(time.milliseconds)))
    guard error == RD_KAFKA_RESP_ERR_NO_ERROR, let metadata else {
      return "no broker tells its topics: \(KafkaConfiguration.text(error))"
    }
    defer { rd_kafka_metadata_destroy(metadata) }
    let topics = UnsafeBufferPointer(start: metadata.pointee.topics, count: Int(max(0, metadata.pointee.topic_cnt)))
    guard topics.contains(where: { entry in entry.topic.map { String(cString: $0) == topic } ?? false }) else {
      return "there is no topic `\(topic)`"
    }
    known.insert(topic)
    return nil
  }

  /// Returns librdkafka's error, or `nil` if the message was enqueued.
  private func produce(_ record: Record, timeout: Duration) -> String? {
    var conf = rd_kafka_topic_conf_new()
    rd_kafka_topic_conf_set(conf, "message.timeout.ms", String(max(1, Int(timeout.milliseconds))), nil, 0)
    guard let topic = rd_kafka_topic_new(handle, record.topic, conf) else {
      if conf != nil { rd_kafka_topic_conf_destroy(conf) }
      conf = nil
      return KafkaConfiguration.text(rd_kafka_last_error())
    }
    defer { rd_kafka_topic_destroy(topic) }
    let headers = rd_kafka_headers_new(record.message.headers.count)
    for header in record.message.headers { Self.add(header.name, header.value, to: headers) }
    guard let error = send(record, topic, headers) else { return nil }
    // librdkafka owns the headers only after success.
    rd_kafka_headers_destroy(headers)
    return error
  }

  private static func add(_ name: String, _ value: [UInt8], to headers: OpaquePointer?) {
    value.withUnsafeBytes { bytes in
      _ = rd_kafka_header_add(headers, name, -1, bytes.baseAddress, bytes.count)
    }
  }

  private func send(_ record: Record, _ topic: OpaquePointer, _ headers: OpaquePointer?) -> String? {
    var value = record.message.value
    var key = record.message.key ?? []
    return value.withUnsafeMutableBytes { value in
      key.withUnsafeMutableBytes { key in
        var parts = [
          Self.part(RD_KAFKA_VTYPE_RKT) { $0.rkt = topic },
          Self.part(RD_KAFKA_VTYPE_VALUE) { $0.mem = .init(ptr: value.baseAddress, size: value.count) },
          Self.part(RD_KAFKA_VTYPE_MSGFLAGS) { $0.i = RD_KAFKA_MSG_F_COPY },
          Self.part(RD_KAFKA_VTYPE_HEADERS) { $0.headers = headers },
          Self.part(RD_KAFKA_VTYPE_OPAQUE) { $0.ptr = UnsafeMutableRawPointer(bitPattern: serial) },
        ]
        if let partition = record.partition { parts.append(Self.part(RD_KAFKA_VTYPE_PARTITION) { $0.i32 = partition }) }
        if record.message.key != nil {
          parts.append(Self.part(RD_KAFKA_VTYPE_KEY) { $0.mem = .init(ptr: key.baseAddress, size: key.count) })
        }
        guard let error = rd_kafka_produceva(handle, &parts, parts.count) else { return nil }
        defer { rd_kafka_error_destroy(error) }
        return String(cString: rd_kafka_error_string(error))
      }
    }
  }

  private static func part(
    _ type: rd_kafka_vtype_t, _ fill: (inout rd_kafka_vu_t.__Unnamed_union_u) -> Void
  ) -> rd_kafka_vu_t {
    var part = rd_kafka_vu_t()
    part.vtype = type
    fill(&part.u)
    return part
  }

  /// Waits for the delivery report of the current message.
  private func report(of topic: String, until end: ContinuousClock.Instant, timeout: Duration) -> Outcome {
    while ContinuousClock.now < end {
      guard let event = rd_kafka_queue_poll(queue, 100) else { continue }
      defer { rd_kafka_event_destroy(event) }
      guard rd_kafka_event_type(event) == RD_KAFKA_EVENT_DR else { continue }
      while let message = rd_kafka_event_message_next(event) {
        if Int(bitPattern: message.pointee._private) == serial { return answer(message, topic) }
      }
    }
    return .unknown("no broker confirmed it within \(Quantity.latency(timeout))")
  }

  private func answer(_ message: UnsafePointer<rd_kafka_message_t>, _ topic: String) -> Outcome {
    let (error, partition, offset) = (message.pointee.err, message.pointee.partition, message.pointee.offset)
    guard error != RD_KAFKA_RESP_ERR_NO_ERROR else { return .published(partition: partition, offset: offset) }
    let reason = "\(topic): \(KafkaConfiguration.text(error))"
    let isCertain = rd_kafka_message_status(message) == RD_KAFKA_MSG_STATUS_NOT_PERSISTED
    return isCertain ? .notPublished(reason) : .unknown(reason)
  }
}
