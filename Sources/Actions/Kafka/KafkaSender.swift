import CKafka
import Core
import Text

/// Publishes one message at a time and waits for the broker's word. Belongs to one thread; librdkafka's own threads stay behind it.
final class KafkaSender {
  struct Failure: Error {
    var message: String
  }

  /// librdkafka gives its verdict a little after the message's time is over.
  private static let grace = Duration.seconds(2)

  private let handle: OpaquePointer
  private let queue: OpaquePointer
  private let topics: Duration = .seconds(3)
  /// Those that are known to be there.
  private var known: Set<String> = []
  /// The message that is out: a report of one before it, that came too late, must not be taken for this one's.
  private var serial = 0

  static func make(_ settings: ActionSettings.Kafka) -> Result<KafkaSender, Failure> {
    guard let configuration = rd_kafka_conf_new() else {
      return .failure(Failure(message: "no memory for a Kafka client"))
    }
    // A key goes where the Java clients and those like them would put it. The operator's properties may say how to get in; what makes a message certain is not theirs to change.
    let values =
      [
        ("client.id", "sagatop"), ("enable.sparse.connections", "false"), ("linger.ms", "0"),
        ("partitioner", "murmur2_random"),
      ]
      + settings.properties.map { ($0.name, $0.value) }
      + [
        ("bootstrap.servers", settings.brokers), ("enable.idempotence", "true"), ("acks", "all"), ("log.queue", "true"),
      ]
    for (name, value) in values where !isConsumers(name) {
      var text = [CChar](repeating: 0, count: 512)
      guard rd_kafka_conf_set(configuration, name, value, &text, text.count) == RD_KAFKA_CONF_OK else {
        rd_kafka_conf_destroy(configuration)
        return .failure(Failure(message: "Kafka property `\(name)` is not accepted"))
      }
    }
    rd_kafka_conf_set_events(configuration, RD_KAFKA_EVENT_DR)
    var text = [CChar](repeating: 0, count: 512)
    // rd_kafka_new frees the configuration only when it succeeds.
    guard let handle = rd_kafka_new(RD_KAFKA_PRODUCER, configuration, &text, text.count) else {
      rd_kafka_conf_destroy(configuration)
      let reason = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      return .failure(Failure(message: "Kafka client for \(settings.brokers): \(reason)"))
    }
    guard let queue = rd_kafka_queue_get_main(handle) else {
      rd_kafka_destroy(handle)
      return .failure(Failure(message: "a Kafka client has no queue"))
    }
    return .success(KafkaSender(handle, queue))
  }

  /// Those would only be complained about.
  private static func isConsumers(_ name: String) -> Bool {
    ["fetch.", "queued.m", "auto.offset", "check.crcs", "isolation.", "group.", "session.", "heartbeat."]
      .contains { name.hasPrefix($0) }
  }

  private init(_ handle: OpaquePointer, _ queue: OpaquePointer) {
    self.handle = handle
    self.queue = queue
  }

  deinit {
    // Whatever still waits must not leave after its outcome was told.
    rd_kafka_purge(handle, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT)
    rd_kafka_queue_destroy(queue)
    rd_kafka_destroy(handle)
  }

  func publish(_ call: PreparedRequest.Kafka, _ intent: borrowing DurableIntent) -> SendResult {
    let (key, timeout) = (intent.request.idempotencyKey, intent.request.timeout)
    serial += 1
    let end = ContinuousClock.now + timeout
    if let reason = missing(call.topic, within: min(timeout, topics)) {
      return SendResult(outcome: .refused(status: nil, message: "not sent: \(reason)"), latency: .zero)
    }
    if let reason = produce(call, key: key, timeout: max(.milliseconds(1), end - .now)) {
      return SendResult(outcome: .refused(status: nil, message: "not sent: \(reason)"), latency: .zero)
    }
    return report(of: call.topic, until: end + Self.grace, timeout: timeout)
  }

  /// Publishing to a topic that is not there would create it, where brokers allow that.
  private func missing(_ topic: String, within time: Duration) -> String? {
    if known.contains(topic) { return nil }
    var metadata: UnsafePointer<rd_kafka_metadata>?
    let error = rd_kafka_metadata(handle, 1, nil, &metadata, Int32(clamping: Int(time.milliseconds)))
    guard error == RD_KAFKA_RESP_ERR_NO_ERROR, let metadata else {
      return "no broker tells its topics: \(Self.text(error))"
    }
    defer { rd_kafka_metadata_destroy(metadata) }
    let topics = UnsafeBufferPointer(start: metadata.pointee.topics, count: Int(max(0, metadata.pointee.topic_cnt)))
    guard topics.contains(where: { entry in entry.topic.map { String(cString: $0) == topic } ?? false }) else {
      return "there is no topic `\(topic)`"
    }
    known.insert(topic)
    return nil
  }

  /// Why it was not taken; `nil` when librdkafka has it.
  private func produce(_ call: PreparedRequest.Kafka, key: String, timeout: Duration) -> String? {
    var conf = rd_kafka_topic_conf_new()
    rd_kafka_topic_conf_set(conf, "message.timeout.ms", String(max(1, Int(timeout.milliseconds))), nil, 0)
    guard let topic = rd_kafka_topic_new(handle, call.topic, conf) else {
      if conf != nil { rd_kafka_topic_conf_destroy(conf) }
      conf = nil
      return Self.text(rd_kafka_last_error())
    }
    defer { rd_kafka_topic_destroy(topic) }
    let headers = rd_kafka_headers_new(call.headers.count + 1)
    for header in call.headers { Self.add(header.name, header.value, to: headers) }
    Self.add("idempotency-key", Array(key.utf8), to: headers)
    guard let error = send(call, topic, headers) else { return nil }
    // The headers are librdkafka's only after success.
    rd_kafka_headers_destroy(headers)
    return error
  }

  private static func add(_ name: String, _ value: [UInt8], to headers: OpaquePointer?) {
    value.withUnsafeBytes { bytes in
      _ = rd_kafka_header_add(headers, name, -1, bytes.baseAddress, bytes.count)
    }
  }

  private func send(_ call: PreparedRequest.Kafka, _ topic: OpaquePointer, _ headers: OpaquePointer?) -> String? {
    var value = call.value
    var key = call.key ?? []
    return value.withUnsafeMutableBytes { value in
      key.withUnsafeMutableBytes { key in
        var parts = [
          Self.part(RD_KAFKA_VTYPE_RKT) { $0.rkt = topic },
          Self.part(RD_KAFKA_VTYPE_VALUE) { $0.mem = .init(ptr: value.baseAddress, size: value.count) },
          Self.part(RD_KAFKA_VTYPE_MSGFLAGS) { $0.i = RD_KAFKA_MSG_F_COPY },
          Self.part(RD_KAFKA_VTYPE_HEADERS) { $0.headers = headers },
          Self.part(RD_KAFKA_VTYPE_OPAQUE) { $0.ptr = UnsafeMutableRawPointer(bitPattern: serial) },
        ]
        if let partition = call.partition { parts.append(Self.part(RD_KAFKA_VTYPE_PARTITION) { $0.i32 = partition }) }
        if call.key != nil {
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

  /// The broker's word on the one message that is out.
  private func report(of topic: String, until end: ContinuousClock.Instant, timeout: Duration) -> SendResult {
    while ContinuousClock.now < end {
      guard let event = rd_kafka_queue_poll(queue, 100) else { continue }
      defer { rd_kafka_event_destroy(event) }
      guard rd_kafka_event_type(event) == RD_KAFKA_EVENT_DR else { continue }
      while let message = rd_kafka_event_message_next(event) {
        if Int(bitPattern: message.pointee._private) == serial { return answer(message, topic) }
      }
    }
    return SendResult(outcome: .unknown("no broker confirmed it within \(Quantity.latency(timeout))"), latency: .zero)
  }

  private func answer(_ message: UnsafePointer<rd_kafka_message_t>, _ topic: String) -> SendResult {
    let (error, partition, offset) = (message.pointee.err, message.pointee.partition, message.pointee.offset)
    guard error != RD_KAFKA_RESP_ERR_NO_ERROR else {
      return SendResult(
        outcome: .accepted("\(topic)/\(partition)/\(offset)"), latency: .zero,
        own: .init(topic: topic, partition: partition, offset: offset))
    }
    let reason = "\(topic): \(Self.text(error))"
    let isCertain = rd_kafka_message_status(message) == RD_KAFKA_MSG_STATUS_NOT_PERSISTED
    return SendResult(
      outcome: isCertain ? .refused(status: nil, message: "not published: \(reason)") : .unknown(reason), latency: .zero
    )
  }

  static func text(_ error: rd_kafka_resp_err_t) -> String {
    let text = String(cString: rd_kafka_err2str(error))
    return text.hasPrefix("Local: ") ? String(text.dropFirst(7)) : text
  }
}
