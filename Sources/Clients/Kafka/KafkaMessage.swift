import CKafka
import Core
import Text

/// A complete message of a topic.
package struct KafkaMessage: Sendable, Equatable {
  package struct Header: Sendable, Equatable {
    package var name: String
    package var value: [UInt8]

    package init(name: String, value: [UInt8]) {
      self.name = name
      self.value = value
    }
  }

  package var key: [UInt8]?
  package var headers: [Header]
  package var value: [UInt8]

  package init(key: [UInt8]?, headers: [Header], value: [UInt8]) {
    self.key = key
    self.headers = headers
    self.value = value
  }

  /// Reads the message at an offset. Has no group and commits nothing. Blocks for at most `timeout`.
  package static func read(
    topic name: String, partition: Int32, offset: Int64, _ access: KafkaAccess, timeout: Duration
  ) throws(KafkaError) -> KafkaMessage {
    let handle = try KafkaConfiguration.client(
      RD_KAFKA_CONSUMER, KafkaConfiguration.make(access, .lookup), access)
    defer { rd_kafka_destroy_flags(handle, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE) }
    guard let topic = rd_kafka_topic_new(handle, name, nil) else {
      throw KafkaError(description: "`\(name)` cannot be read")
    }
    defer { rd_kafka_topic_destroy(topic) }
    guard rd_kafka_consume_start(topic, partition, offset) == 0 else {
      throw KafkaError(description: KafkaConfiguration.text(rd_kafka_last_error()))
    }
    defer { rd_kafka_consume_stop(topic, partition) }
    guard let message = rd_kafka_consume(topic, partition, Int32(clamping: Int(timeout.milliseconds))) else {
      throw KafkaError(description: "no broker returned the message within \(Quantity.latency(timeout))")
    }
    defer { rd_kafka_message_destroy(message) }
    return try KafkaMessage(message, offset)
  }

  private init(_ message: UnsafeMutablePointer<rd_kafka_message_t>, _ offset: Int64) throws(KafkaError) {
    let found = message.pointee
    guard found.err == RD_KAFKA_RESP_ERR_NO_ERROR else {
      throw KafkaError(description: KafkaConfiguration.text(found.err))
    }
    guard found.offset == offset else { throw KafkaError(description: "it is not in the topic any more") }
    guard let payload = found.payload else { throw KafkaError(description: "it has no value") }
    key = found.key.map { Array(UnsafeRawBufferPointer(start: $0, count: found.key_len)) }
    value = Array(UnsafeRawBufferPointer(start: payload, count: found.len))
    headers = []
    // The message is destroyed by the caller.
    Received(message: message).forEachHeader { name, value in
      headers.append(Header(name: String(decoding: name, as: UTF8.self), value: Array(value)))
    }
  }
}
