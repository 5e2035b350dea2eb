import CKafka

/// A message read from a topic, copied out of librdkafka's memory.
struct KafkaMessage {
  struct Header: Equatable {
    let name: String
    let value: String
  }

  let topic: String
  let partition: Int32
  let offset: Int64
  /// Milliseconds since 1970, set by the producer or the broker.
  let timestamp: Int64
  let key: String?
  let value: [UInt8]
  let headers: [Header]

  /// The value of the last header with that name.
  func header(_ name: String) -> String? { headers.last { $0.name == name }?.value }

  init(
    topic: String, partition: Int32, offset: Int64, timestamp: Int64, key: String?, value: [UInt8], headers: [Header]
  ) {
    self.topic = topic
    self.partition = partition
    self.offset = offset
    self.timestamp = timestamp
    self.key = key
    self.value = value
    self.headers = headers
  }

  /// Copies the message; `nil` if it is an error.
  init?(copying message: UnsafePointer<rd_kafka_message_t>) {
    let source = message.pointee
    guard source.err == RD_KAFKA_RESP_ERR_NO_ERROR, let topic = source.rkt else { return nil }
    self.topic = String(cString: rd_kafka_topic_name(topic))
    partition = source.partition
    offset = source.offset
    timestamp = rd_kafka_message_timestamp(message, nil)
    key = source.key.map { String(decoding: UnsafeRawBufferPointer(start: $0, count: source.key_len), as: UTF8.self) }
    value = Array(UnsafeRawBufferPointer(start: source.payload, count: source.payload == nil ? 0 : source.len))
    headers = Self.headers(of: message)
  }

  private static func headers(of message: UnsafePointer<rd_kafka_message_t>) -> [Header] {
    var list: OpaquePointer?
    guard rd_kafka_message_headers(message, &list) == RD_KAFKA_RESP_ERR_NO_ERROR, let list else { return [] }
    var result: [Header] = []
    var name: UnsafePointer<CChar>?
    var value: UnsafeRawPointer?
    var size = 0
    while rd_kafka_header_get_all(list, result.count, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR {
      let bytes = UnsafeRawBufferPointer(start: value, count: value == nil ? 0 : size)
      result.append(
        Header(name: name.map { String(cString: $0) } ?? "", value: String(decoding: bytes, as: UTF8.self)))
    }
    return result
  }
}
