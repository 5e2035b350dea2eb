import CKafka
import Core
import Glibc

/// A member of a consumer group: the only client of this program that joins a group. It commits only on explicit calls. Used by one
/// thread only, which also receives the rebalances.
package final class GroupMember {
  package enum Change {
    case gained([TopicPartition])
    /// They are assigned to another member when the call returns. Until then their offsets can be committed.
    case leaving([TopicPartition])
    /// They may already be assigned to another member: their offsets cannot be committed.
    case lost([TopicPartition])
  }

  private static let batchSize = 1000

  private let handle: OpaquePointer
  private let queue: OpaquePointer
  /// The latest error since the last `takeError`.
  private var error: String?

  package init(_ access: KafkaAccess, group: String) throws(KafkaError) {
    let configuration = try KafkaConfiguration.make(access, .member(group: group))
    rd_kafka_conf_set_events(configuration, RD_KAFKA_EVENT_REBALANCE | RD_KAFKA_EVENT_ERROR)
    handle = try KafkaConfiguration.client(RD_KAFKA_CONSUMER, configuration, access)
    rd_kafka_poll_set_consumer(handle)
    queue = rd_kafka_queue_get_consumer(handle)
    rd_kafka_set_log_queue(handle, nil)
  }

  deinit {
    rd_kafka_queue_destroy(queue)
    rd_kafka_destroy_flags(handle, Int32(RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE))
  }

  /// Leaves the group, so that its partitions are reassigned at once. No other call is allowed afterwards. Blocks until the coordinator
  /// responds.
  package func leave() { rd_kafka_consumer_close(handle) }

  package func metadata(timeout: Duration) -> Result<ClusterMetadata, KafkaError> {
    ClusterMetadata.ask(handle, timeout: timeout)
  }

  /// Subscribes to these topics and no others.
  package func subscribe(_ topics: [String]) throws(KafkaError) {
    let list = PartitionList(topics.map { (key: TopicPartition(topic: $0, partition: -1), value: Int64(-1001)) })
    try check(rd_kafka_subscribe(handle, list.pointer), "subscribing to \(topics.count) topics")
  }

  /// Commits these offsets for the group. Blocks until the coordinator responds.
  package func commit(_ offsets: [TopicPartition: Int64]) throws(KafkaError) {
    if offsets.isEmpty { return }
    let list = PartitionList(offsets.map { $0 })
    try check(rd_kafka_commit(handle, list.pointer, 0), "committing \(offsets.count) offsets")
  }

  /// The committed offsets of the group. Partitions without a commit or without a response in time are missing.
  package func committed(_ partitions: [TopicPartition], timeout: Duration) -> [TopicPartition: Int64] {
    if partitions.isEmpty { return [:] }
    let list = PartitionList(partitions.map { (key: $0, value: Int64(-1001)) })
    let error = rd_kafka_committed(handle, list.pointer, Int32(clamping: Int(timeout.milliseconds)))
    guard error == RD_KAFKA_RESP_ERR_NO_ERROR else { return [:] }
    var found: [TopicPartition: Int64] = [:]
    for index in 0..<Int(list.pointer.pointee.cnt) {
      let element = list.pointer.pointee.elems[index]
      guard element.err == RD_KAFKA_RESP_ERR_NO_ERROR, element.offset >= 0 else { continue }
      found[TopicPartition(topic: String(cString: element.topic), partition: element.partition)] = element.offset
    }
    return found
  }

  /// Moves the position of assigned partitions to these offsets. Returns the partitions that were moved, and why others were not.
  package func seek(
    _ offsets: [TopicPartition: Int64], timeout: Duration
  ) -> (moved: [TopicPartition], error: String?) {
    if offsets.isEmpty { return ([], nil) }
    let list = PartitionList(offsets.map { $0 })
    if let error = rd_kafka_seek_partitions(handle, list.pointer, Int32(clamping: Int(timeout.milliseconds))) {
      defer { rd_kafka_error_destroy(error) }
      return ([], "reading again: \(String(cString: rd_kafka_error_string(error)))")
    }
    var (moved, reason) = ([TopicPartition](), String?.none)
    for index in 0..<Int(list.pointer.pointee.cnt) {
      let element = list.pointer.pointee.elems[index]
      let id = TopicPartition(topic: String(cString: element.topic), partition: element.partition)
      if element.err == RD_KAFKA_RESP_ERR_NO_ERROR {
        moved.append(id)
      } else {
        reason = KafkaConfiguration.text(element.err)
      }
    }
    return (moved, reason.map { "reading \(offsets.count - moved.count) partitions again: \($0)" })
  }

  private func check(_ error: rd_kafka_resp_err_t, _ what: String) throws(KafkaError) {
    guard error != RD_KAFKA_RESP_ERR_NO_ERROR else { return }
    throw KafkaError(description: "\(what): \(KafkaConfiguration.text(error))")
  }

  /// Waits up to `timeout` for the first event, then delivers all available events, up to `batchSize`.
  package func receive(
    timeout: Duration, change: (Change) -> Void, _ body: (borrowing Received) -> Void
  ) {
    var wait = Int32(clamping: Int(timeout.milliseconds))
    for _ in 0..<Self.batchSize {
      guard let event = rd_kafka_queue_poll(queue, wait) else { return }
      wait = 0
      defer { rd_kafka_event_destroy(event) }
      switch rd_kafka_event_type(event) {
      case RD_KAFKA_EVENT_FETCH:
        while let message = rd_kafka_event_message_next(event) {
          body(Received(message: UnsafeMutablePointer(mutating: message)))
        }
      case RD_KAFKA_EVENT_REBALANCE: rebalance(event, change)
      default: error = GroupClient.text(event) ?? error
      }
    }
  }

  private func rebalance(_ event: OpaquePointer, _ change: (Change) -> Void) {
    guard let list = rd_kafka_event_topic_partition_list(event) else { return }
    let partitions = (0..<Int(list.pointee.cnt)).map { index in
      let element = list.pointee.elems[index]
      return TopicPartition(topic: String(cString: element.topic), partition: element.partition)
    }
    let isIncremental = rd_kafka_rebalance_protocol(handle).map { strcmp($0, "COOPERATIVE") == 0 } ?? false
    if rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS {
      note(isIncremental ? rd_kafka_incremental_assign(handle, list) : nil)
      if !isIncremental { rd_kafka_assign(handle, list) }
      change(.gained(partitions))
    } else {
      change(rd_kafka_assignment_lost(handle) == 0 ? .leaving(partitions) : .lost(partitions))
      note(isIncremental ? rd_kafka_incremental_unassign(handle, list) : nil)
      if !isIncremental { rd_kafka_assign(handle, nil) }
    }
  }

  private func note(_ error: OpaquePointer?) {
    guard let error else { return }
    self.error = String(cString: rd_kafka_error_string(error))
    rd_kafka_error_destroy(error)
  }

  package func takeError() -> String? {
    defer { error = nil }
    return error
  }
}
