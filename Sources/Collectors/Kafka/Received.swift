import CKafka
import Core
import Glibc

/// One thing that a consumer's queue gave: a message, the end of a partition, or an error. Its bytes are borrowed.
struct Received: ~Copyable {
  enum Kind {
    case message
    case endOfPartition
    case error(String)
  }

  private let message: UnsafeMutablePointer<rd_kafka_message_t>

  init(message: UnsafeMutablePointer<rd_kafka_message_t>) {
    self.message = message
  }

  var kind: Kind {
    switch message.pointee.err {
    case RD_KAFKA_RESP_ERR_NO_ERROR: .message
    case RD_KAFKA_RESP_ERR__PARTITION_EOF: .endOfPartition
    default: .error(errorText)
    }
  }

  /// The broker does not allow it.
  var isRefusal: Bool { message.pointee.err == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED }

  var topic: UnsafeRawBufferPointer {
    guard let topic = message.pointee.rkt, let name = rd_kafka_topic_name(topic) else { return Bytes.empty }
    return UnsafeRawBufferPointer(start: name, count: strlen(name))
  }

  var partition: Int32 { message.pointee.partition }
  var offset: Int64 { message.pointee.offset }
  var length: Int { message.pointee.len }

  var key: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: message.pointee.key, count: message.pointee.key == nil ? 0 : message.pointee.key_len)
  }

  /// `nil` for a tombstone.
  var body: UnsafeRawBufferPointer? {
    message.pointee.payload.map { UnsafeRawBufferPointer(start: $0, count: message.pointee.len) }
  }

  /// The broker's timestamp, where it keeps one.
  var time: Timestamp? {
    var kind = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE
    let milliseconds = rd_kafka_message_timestamp(message, &kind)
    return kind == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE || milliseconds < 0 ? nil : Timestamp(milliseconds: milliseconds)
  }

  /// Puts the headers into `headers`, whose storage is used again.
  func readHeaders(into headers: inout [ConsumedMessage.Header]) {
    headers.removeAll(keepingCapacity: true)
    var list: OpaquePointer?
    guard rd_kafka_message_headers(message, &list) == RD_KAFKA_RESP_ERR_NO_ERROR, let list else { return }
    var name: UnsafePointer<CChar>?
    var value: UnsafeRawPointer?
    var size = 0
    var index = 0
    while rd_kafka_header_get_all(list, index, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR, let name {
      headers.append(
        .init(
          name: UnsafeRawBufferPointer(start: name, count: strlen(name)),
          value: UnsafeRawBufferPointer(start: value, count: value == nil ? 0 : size)))
      index += 1
    }
  }

  private var errorText: String {
    let text = rd_kafka_message_errstr(message).map { String(cString: $0) }
    return text ?? KafkaClient.text(message.pointee.err)
  }
}
