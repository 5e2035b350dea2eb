import CKafka
import Core

/// A librdkafka consumer that is told what to read (`assign`) and never joins a group or commits. Belongs to the thread that made it;
/// the library's own threads stay behind it.
struct KafkaClient: ~Copyable {
  private let handle: OpaquePointer
  private let queue: OpaquePointer
  private let logs: OpaquePointer?
  private let pace: FetchPace

  private static let batchSize = 1000

  /// A property that the library does not know, or a value that it does not take, is an error that names it; values of secrets are
  /// not repeated.
  init(_ settings: KafkaSettings) throws(KafkaError) {
    let configuration = try Self.configuration(settings, group: "sagatop-reader")
    let pace = FetchPace(wait: Self.number("fetch.wait.max.ms", of: configuration))
    pace.add(to: configuration)
    var text = [CChar](repeating: 0, count: 512)
    // rd_kafka_new frees the configuration only when it succeeds.
    guard let handle = rd_kafka_new(RD_KAFKA_CONSUMER, configuration, &text, text.count) else {
      rd_kafka_conf_destroy(configuration)
      throw KafkaError(description: "Kafka client for \(settings.brokers): \(Self.string(text))")
    }
    self.handle = handle
    self.pace = pace
    rd_kafka_poll_set_consumer(handle)
    queue = rd_kafka_queue_get_consumer(handle)
    logs = rd_kafka_queue_new(handle)
    if let logs { rd_kafka_set_log_queue(handle, logs) }
  }

  deinit {
    rd_kafka_queue_destroy(queue)
    if let logs {
      rd_kafka_set_log_queue(handle, nil)
      rd_kafka_queue_destroy(logs)
    }
    // There is no group to leave, so the library need not wait for brokers that may not answer.
    rd_kafka_destroy_flags(handle, Int32(RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE))
  }

  /// Our own properties, then the operator's, which win, except for those that would make the program do harm. A client without a
  /// group (the empty name) asks for no coordinator. The caller owns the configuration.
  static func configuration(_ settings: KafkaSettings, group: String) throws(KafkaError) -> OpaquePointer {
    guard let configuration = rd_kafka_conf_new() else { throw KafkaError(description: "no memory for a Kafka client") }
    let defaults = [
      ("client.id", "sagatop"), ("socket.keepalive.enable", "true"), ("reconnect.backoff.max.ms", "2000"),
      ("fetch.wait.max.ms", "100"), ("fetch.error.backoff.ms", "250"), ("queued.max.messages.kbytes", "32768"),
      // With sparse connections a bootstrap broker that is down can keep the client from trying the next one.
      ("enable.sparse.connections", "false"), ("topic.metadata.refresh.interval.ms", "-1"),
      ("auto.offset.reset", "earliest"), ("check.crcs", "false"),
    ]
    let fixed = [
      ("bootstrap.servers", settings.brokers), ("group.id", group), ("enable.auto.commit", "false"),
      ("enable.auto.offset.store", "false"), ("enable.partition.eof", "true"), ("log.queue", "true"),
      ("allow.auto.create.topics", "false"),
    ]
    for (name, value) in defaults + settings.properties.map({ ($0.name, $0.value) }) + fixed {
      if let error = set(name, value, in: configuration) {
        rd_kafka_conf_destroy(configuration)
        throw error
      }
    }
    return configuration
  }

  private static func set(_ name: String, _ value: String, in configuration: OpaquePointer) -> KafkaError? {
    var text = [CChar](repeating: 0, count: 512)
    switch rd_kafka_conf_set(configuration, name, value, &text, text.count) {
    case RD_KAFKA_CONF_OK: return nil
    case RD_KAFKA_CONF_UNKNOWN:
      return KafkaError(description: "Kafka property `\(name)` is not known to librdkafka \(version)")
    default:
      let isSecret = ["password", "secret", "key", "token"].contains { name.contains($0) }
      let reason = isSecret ? "its value is not accepted" : Self.string(text)
      return KafkaError(description: "Kafka property `\(name)`: \(reason)")
    }
  }

  private static func number(_ name: String, of configuration: OpaquePointer) -> Int32 {
    var text = [CChar](repeating: 0, count: 32)
    var size = text.count
    guard rd_kafka_conf_get(configuration, name, &text, &size) == RD_KAFKA_CONF_OK else { return 0 }
    return Int32(Self.string(text)) ?? 0
  }

  static var version: String { String(cString: rd_kafka_version_str()) }

  /// Says what is about to be read, and from which brokers.
  func follow(_ topics: [String: [ClusterMetadata.Partition]]) { pace.follow(topics) }

  /// Asks a broker for all topics. Blocks for at most `timeout`.
  func metadata(timeout: Duration) -> Result<ClusterMetadata, KafkaError> {
    ClusterMetadata.ask(handle, timeout: timeout)
  }

  /// Why a topic is not among all topics. Blocks for at most `timeout`.
  func access(toTopic name: String, timeout: Duration) -> KafkaExamination.Access {
    guard let topic = rd_kafka_topic_new(handle, name, nil) else { return .failed("is no name of a topic") }
    defer { rd_kafka_topic_destroy(topic) }
    var pointer: UnsafePointer<rd_kafka_metadata>?
    let error = rd_kafka_metadata(handle, 0, topic, &pointer, Int32(clamping: Int(timeout.milliseconds)))
    defer { if let pointer { rd_kafka_metadata_destroy(pointer) } }
    guard error == RD_KAFKA_RESP_ERR_NO_ERROR, let metadata = pointer?.pointee, metadata.topic_cnt > 0 else {
      return .failed(Self.text(error))
    }
    switch metadata.topics[0].err {
    case RD_KAFKA_RESP_ERR_NO_ERROR: return .readable
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED: return .refused(operation: "Describe")
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART: return .absent
    default: return .failed(Self.text(metadata.topics[0].err))
    }
  }

  /// Reads these partitions from these offsets on, and no others.
  func assign(_ offsets: [TopicPartition: Int64]) throws(KafkaError) {
    let list = PartitionList(offsets.map { $0 })
    let error = rd_kafka_assign(handle, list.pointer)
    guard error == RD_KAFKA_RESP_ERR_NO_ERROR else {
      throw KafkaError(description: "reading \(offsets.count) partitions: \(Self.text(error))")
    }
  }

  /// Reads these partitions too, from these offsets on; the others go on undisturbed.
  func assign(adding offsets: [TopicPartition: Int64]) throws(KafkaError) {
    if offsets.isEmpty { return }
    let list = PartitionList(offsets.map { $0 })
    try check(rd_kafka_incremental_assign(handle, list.pointer), "reading \(offsets.count) more partitions")
  }

  /// Reads these no longer; the others go on undisturbed.
  func unassign(_ partitions: [TopicPartition]) throws(KafkaError) {
    if partitions.isEmpty { return }
    let list = PartitionList(partitions.map { (key: $0, value: 0) })
    try check(rd_kafka_incremental_unassign(handle, list.pointer), "leaving \(partitions.count) partitions")
  }

  private func check(_ error: OpaquePointer?, _ what: String) throws(KafkaError) {
    guard let error else { return }
    defer { rd_kafka_error_destroy(error) }
    throw KafkaError(description: "\(what): \(String(cString: rd_kafka_error_string(error)))")
  }

  /// Waits up to `timeout` for something to arrive, then gives all that is there, up to a bound.
  func receive(timeout: Duration, _ body: (borrowing Received) -> Void) {
    guard let first = rd_kafka_consume_queue(queue, Int32(clamping: Int(timeout.milliseconds))) else { return }
    take(first, body)
    var messages = [UnsafeMutablePointer<rd_kafka_message_t>?](repeating: nil, count: Self.batchSize)
    let count = rd_kafka_consume_batch_queue(queue, 0, &messages, messages.count)
    for index in 0..<max(0, count) {
      if let message = messages[index] { take(message, body) }
    }
  }

  private func take(_ message: UnsafeMutablePointer<rd_kafka_message_t>, _ body: (borrowing Received) -> Void) {
    body(Received(message: message))
    rd_kafka_message_destroy(message)
  }

  /// The latest complaint about a broker that the library logged since the last call; the rest is thrown away.
  func takeComplaint() -> String? {
    guard let logs else { return nil }
    let name = String(cString: rd_kafka_name(handle))
    var last: String?
    while let event = rd_kafka_queue_poll(logs, 0) {
      var facility: UnsafePointer<CChar>?
      var text: UnsafePointer<CChar>?
      var level: Int32 = 0
      if rd_kafka_event_log(event, &facility, &text, &level) == 0, let text {
        last = BrokerLogMessage.text(String(cString: text), client: name) ?? last
      }
      rd_kafka_event_destroy(event)
    }
    return last
  }

  /// In the library's words, without its mark for errors that it found itself.
  static func text(_ error: rd_kafka_resp_err_t) -> String {
    let text = String(cString: rd_kafka_err2str(error))
    return text.hasPrefix("Local: ") ? String(text.dropFirst(7)) : text
  }

  /// The text of a buffer up to its terminator.
  static func string(_ buffer: [CChar]) -> String {
    String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
