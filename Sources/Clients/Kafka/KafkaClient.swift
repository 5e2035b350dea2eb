import CKafka
import Core
import Synchronization

/// Whether a topic can be read.
package enum TopicAccess: Sendable, Equatable {
  case readable
  /// The broker denies an operation: the ACL for it is missing.
  case refused(operation: String)
  /// The topic does not exist or its description is not permitted: brokers do not distinguish the two.
  case absent
  /// A partition returned no message, end or error in time.
  case silent
  case failed(String)

  /// Requests one topic by name. Blocks for at most `timeout`.
  static func ask(_ handle: OpaquePointer, _ name: String, timeout: Duration) -> TopicAccess {
    guard let topic = rd_kafka_topic_new(handle, name, nil) else { return .failed("is no name of a topic") }
    defer { rd_kafka_topic_destroy(topic) }
    var pointer: UnsafePointer<rd_kafka_metadata>?
    let error = rd_kafka_metadata(handle, 0, topic, &pointer, Int32(clamping: Int(timeout.milliseconds)))
    defer { if let pointer { rd_kafka_metadata_destroy(pointer) } }
    guard error == RD_KAFKA_RESP_ERR_NO_ERROR, let metadata = pointer?.pointee, metadata.topic_cnt > 0 else {
      return .failed(KafkaConfiguration.text(error))
    }
    switch metadata.topics[0].err {
    case RD_KAFKA_RESP_ERR_NO_ERROR: return .readable
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED: return .refused(operation: "Describe")
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART: return .absent
    default: return .failed(KafkaConfiguration.text(metadata.topics[0].err))
    }
  }
}

/// A librdkafka consumer with explicitly assigned partitions (`assign`). It never joins a group or commits. Used only by the thread that
/// created it; the library has its own threads.
package struct KafkaClient: ~Copyable {
  private let handle: OpaquePointer
  private let queue: OpaquePointer
  private let logs: OpaquePointer?
  private let pace: FetchPace
  private let certificates: BrokerCertificates?
  /// Number of messages taken from the queue.
  private let taken = ClientArrivals()

  private static let batchSize = 1000

  /// Throws an error with the property's name if librdkafka does not know a property or rejects its value.
  /// `isCalm`: see `FetchPace`.
  package init(_ access: KafkaAccess, isCalm: Bool = false) throws(KafkaError) {
    let configuration = try KafkaConfiguration.make(access, .reader)
    let pace = FetchPace(wait: KafkaConfiguration.number("fetch.wait.max.ms", of: configuration), isCalm: isCalm)
    pace.add(to: configuration)
    let handle = try KafkaConfiguration.client(RD_KAFKA_CONSUMER, configuration, access)
    self.handle = handle
    self.pace = pace
    certificates = BrokerCertificates(access)
    rd_kafka_poll_set_consumer(handle)
    queue = rd_kafka_queue_get_consumer(handle)
    logs = rd_kafka_queue_new(handle)
    if let logs { rd_kafka_set_log_queue(handle, logs) }
    taken.queue = queue
    pace.count { [taken] in taken.count }
  }

  deinit {
    pace.count(nil)
    rd_kafka_queue_destroy(queue)
    if let logs {
      rd_kafka_set_log_queue(handle, nil)
      rd_kafka_queue_destroy(logs)
    }
    // There is no group to leave, so librdkafka need not wait for brokers that may not respond.
    rd_kafka_destroy_flags(handle, Int32(RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE))
  }

  /// Number of fetches sent.
  package var fetches: Int { pace.fetches }

  /// Requests metadata of all topics from a broker. Blocks for at most `timeout`.
  package func metadata(timeout: Duration) -> Result<ClusterMetadata, KafkaError> {
    ClusterMetadata.ask(handle, timeout: timeout)
  }

  /// Finds out why a topic is missing from the list of all topics. Blocks for at most `timeout`.
  package func access(toTopic name: String, timeout: Duration) -> TopicAccess {
    TopicAccess.ask(handle, name, timeout: timeout)
  }

  /// Reads these partitions from these offsets, and no others.
  package func assign(_ offsets: [TopicPartition: Int64]) throws(KafkaError) {
    let list = PartitionList(offsets.map { $0 })
    let error = rd_kafka_assign(handle, list.pointer)
    guard error == RD_KAFKA_RESP_ERR_NO_ERROR else {
      throw KafkaError(description: "reading \(offsets.count) partitions: \(KafkaConfiguration.text(error))")
    }
  }

  /// Also reads these partitions from these offsets. Other partitions are not affected.
  package func assign(adding offsets: [TopicPartition: Int64]) throws(KafkaError) {
    if offsets.isEmpty { return }
    let list = PartitionList(offsets.map { $0 })
    try check(rd_kafka_incremental_assign(handle, list.pointer), "reading \(offsets.count) more partitions")
  }

  /// Stops reading these partitions. Other partitions are not affected.
  package func unassign(_ partitions: [TopicPartition]) throws(KafkaError) {
    if partitions.isEmpty { return }
    let list = PartitionList(partitions.map { (key: $0, value: 0) })
    try check(rd_kafka_incremental_unassign(handle, list.pointer), "leaving \(partitions.count) partitions")
  }

  private func check(_ error: OpaquePointer?, _ what: String) throws(KafkaError) {
    guard let error else { return }
    defer { rd_kafka_error_destroy(error) }
    throw KafkaError(description: "\(what): \(String(cString: rd_kafka_error_string(error)))")
  }

  /// Waits up to `timeout` for the first message, then delivers all available messages, up to a limit.
  package func receive(timeout: Duration, _ body: (borrowing Received) -> Void) {
    guard let first = rd_kafka_consume_queue(queue, Int32(clamping: Int(timeout.milliseconds))) else { return }
    taken.add(1)
    take(first, body)
    var messages = [UnsafeMutablePointer<rd_kafka_message_t>?](repeating: nil, count: Self.batchSize)
    let count = rd_kafka_consume_batch_queue(queue, 0, &messages, messages.count)
    taken.add(max(0, count))
    for index in 0..<max(0, count) {
      if let message = messages[index] { take(message, body) }
    }
  }

  private func take(_ message: UnsafeMutablePointer<rd_kafka_message_t>, _ body: (borrowing Received) -> Void) {
    body(Received(message: message))
    rd_kafka_message_destroy(message)
  }

  /// The latest broker error that librdkafka logged since the last call. Other events are discarded.
  package func takeError() -> String? {
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
    return last.map { certificates?.explained($0) ?? $0 } ?? certificates?.lateExplanation()
  }
}

/// Counts the messages delivered to a client's queue: those taken from it and those still in it.
///
/// `@unchecked Sendable`: the queue is set before another thread can access this object, and librdkafka allows calls for it on any
/// thread.
private final class ClientArrivals: @unchecked Sendable {
  var queue: OpaquePointer?
  private let taken = Atomic(0)

  func add(_ count: Int) { taken.wrappingAdd(count, ordering: .relaxed) }

  var count: Int { taken.load(ordering: .relaxed) &+ Int(clamping: rd_kafka_queue_length(queue)) }
}
