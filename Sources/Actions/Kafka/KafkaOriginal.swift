import CKafka
import Core
import Text

/// One message as it lies in its topic, whole: what is kept of messages for the screen is cut, and its headers are texts. Blocks.
struct KafkaOriginal {
  struct Failure: Error {
    var message: String
  }

  var key: [UInt8]?
  var headers: [PreparedRequest.Kafka.Header]
  var value: [UInt8]

  /// Reads without a group, and commits nothing.
  static func read(
    _ place: ExpectationCheck.Place, _ settings: ActionSettings.Kafka, timeout: Duration
  ) -> Result<KafkaOriginal, Failure> {
    guard let handle = handle(settings) else { return .failure(Failure(message: "a Kafka client cannot be made")) }
    defer { rd_kafka_destroy_flags(handle, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE) }
    guard let topic = rd_kafka_topic_new(handle, place.topic, nil) else {
      return .failure(Failure(message: "`\(place.topic)` cannot be read"))
    }
    defer { rd_kafka_topic_destroy(topic) }
    guard rd_kafka_consume_start(topic, place.partition, place.offset) == 0 else {
      return .failure(Failure(message: KafkaSender.text(rd_kafka_last_error())))
    }
    defer { rd_kafka_consume_stop(topic, place.partition) }
    guard let message = rd_kafka_consume(topic, place.partition, Int32(clamping: Int(timeout.milliseconds))) else {
      return .failure(Failure(message: "no broker gives the message within \(Quantity.latency(timeout))"))
    }
    defer { rd_kafka_message_destroy(message) }
    return taken(message, place)
  }

  private static func handle(_ settings: ActionSettings.Kafka) -> OpaquePointer? {
    guard let configuration = rd_kafka_conf_new() else { return nil }
    let values =
      settings.properties.map { ($0.name, $0.value) } + [
        ("bootstrap.servers", settings.brokers), ("client.id", "sagatop"), ("log.queue", "true"),
        ("enable.auto.commit", "false"), ("enable.partition.eof", "true"), ("auto.offset.reset", "error"),
        ("allow.auto.create.topics", "false"),
      ]
    for (name, value) in values where name != "group.id" { rd_kafka_conf_set(configuration, name, value, nil, 0) }
    // rd_kafka_new frees the configuration only when it succeeds.
    if let handle = rd_kafka_new(RD_KAFKA_CONSUMER, configuration, nil, 0) { return handle }
    rd_kafka_conf_destroy(configuration)
    return nil
  }

  private static func taken(
    _ message: UnsafeMutablePointer<rd_kafka_message_t>, _ place: ExpectationCheck.Place
  ) -> Result<KafkaOriginal, Failure> {
    let found = message.pointee
    guard found.err == RD_KAFKA_RESP_ERR_NO_ERROR else {
      return .failure(Failure(message: KafkaSender.text(found.err)))
    }
    guard found.offset == place.offset else { return .failure(Failure(message: "it does not lie there any more")) }
    guard let value = found.payload else { return .failure(Failure(message: "it has no value")) }
    return .success(
      KafkaOriginal(
        key: found.key.map { Array(UnsafeRawBufferPointer(start: $0, count: found.key_len)) },
        headers: headers(message),
        value: Array(UnsafeRawBufferPointer(start: value, count: found.len))))
  }

  private static func headers(_ message: UnsafeMutablePointer<rd_kafka_message_t>) -> [PreparedRequest.Kafka.Header] {
    var list: OpaquePointer?
    guard rd_kafka_message_headers(message, &list) == RD_KAFKA_RESP_ERR_NO_ERROR, let list else { return [] }
    var headers: [PreparedRequest.Kafka.Header] = []
    var name: UnsafePointer<CChar>?
    var value: UnsafeRawPointer?
    var size = 0
    while rd_kafka_header_get_all(list, headers.count, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR,
      let text = name
    {
      headers.append(
        .init(
          name: String(cString: text),
          value: Array(UnsafeRawBufferPointer(start: value, count: value == nil ? 0 : size))))
    }
    return headers
  }
}
