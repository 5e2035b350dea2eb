import CKafka

/// Something that Kafka would not do.
struct KafkaFailure: Error, Equatable, CustomStringConvertible {
  /// What was asked, on what.
  let action: String
  let reason: String

  var description: String { "\(action): \(reason)" }

  init(_ action: String, _ reason: String) {
    self.action = action
    self.reason = reason
  }

  init(_ action: String, code: Int32) {
    self.init(action, String(cString: rd_kafka_err2str(rd_kafka_resp_err_t(code))))
  }
}
