import CKafka
import Core
import Glibc

/// One element of a consumer queue: a message, the end of a partition, or an error. Its bytes are borrowed.
package struct Received: ~Copyable {
  package enum Kind {
    case message
    case endOfPartition
    case error(String)
  }

  private let message: UnsafeMutablePointer<rd_kafka_message_t>

  init(message: UnsafeMutablePointer<rd_kafka_message_t>) {
    self.message = message
  }

  package var kind: Kind {
    switch message.pointee.err {
    case RD_KAFKA_RESP_ERR_NO_ERROR: .message
    case RD_KAFKA_RESP_ERR__PARTITION_EOF: .endOfPartition
    default: .error(errorText)
    }
  }

  /// The broker denies access to the topic.
  package var isRefusal: Bool { message.pointee.err == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED }

  package var topic: UnsafeRawBufferPointer {
    guard let topic = message.pointee.rkt, let name = rd_kafka_topic_name(topic) else {
      return UnsafeRawBufferPointer(start: nil, count: 0)
    }
    return UnsafeRawBufferPointer(start: name, count: strlen(name))
  }

  package var partition: Int32 { message.pointee.partition }
  package var offset: Int64 { message.pointee.offset }
  package var length: Int { message.pointee.len }

  package var key: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: message.pointee.key, count: message.pointee.key == nil ? 0 : message.pointee.key_len)
  }

  /// `nil` for a tombstone.
  package var body: UnsafeRawBufferPointer? {
    message.pointee.payload.map { UnsafeRawBufferPointer(start: $0, count: message.pointee.len) }
  }

  /// The broker's timestamp, `nil` if there is none.
  package var time: Timestamp? {
    var kind = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE
    let milliseconds = rd_kafka_message_timestamp(message, &kind)
    return kind == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE || milliseconds < 0 ? nil : Timestamp(milliseconds: milliseconds)
  }

  package func forEachHeader(_ use: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) -> Void) {
    var list: OpaquePointer?
    guard rd_kafka_message_headers(message, &list) == RD_KAFKA_RESP_ERR_NO_ERROR, let list else { return }
    var name: UnsafePointer<CChar>?
    var value: UnsafeRawPointer?
    var size = 0
    var index = 0
    while rd_kafka_header_get_all(list, index, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR, let name {
      use(
        UnsafeRawBufferPointer(start: name, count: strlen(name)),
        UnsafeRawBufferPointer(start: value, count: value == nil ? 0 : size))
      index += 1
    }
  }

  private var errorText: String {
    let text = rd_kafka_message_errstr(message).map { String(cString: $0) }
    return text ?? KafkaConfiguration.text(message.pointee.err)
  }
}
