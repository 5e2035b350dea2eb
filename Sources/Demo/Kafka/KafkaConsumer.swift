import CKafka
import Glibc

/// One member of a consumer group that reads topics and commits what was processed. Not thread-safe: the event
/// loop's thread owns it.
final class KafkaConsumer {
  /// What the consumer tells its owner.
  enum Notice {
    case message(KafkaMessage)
    /// The partitions now belong to someone else; what is in progress on them is read there again.
    case revoked
    case failure(String)
  }

  private let handle: KafkaHandle
  private let queue: KafkaQueue
  private let loop: EventLoop
  private let notify: (Notice) -> Void
  private var assignment: [(topic: String, partition: Int32)] = []
  private var isPaused = false

  /// Joins the group of `settings` and reads `topics`.
  init(
    name: String, settings: [String: String], topics: [String], loop: EventLoop, notify: @escaping (Notice) -> Void
  ) throws(KafkaFailure) {
    handle = try KafkaHandle(.consumer, name: name, settings: settings, events: [.rebalances, .errors])
    self.loop = loop
    self.notify = notify
    rd_kafka_poll_set_consumer(handle.client)
    guard let consumerQueue = rd_kafka_queue_get_consumer(handle.client) else {
      throw KafkaFailure(name, "has no event queue")
    }
    queue = try KafkaQueue(taking: consumerQueue)
    let list = rd_kafka_topic_partition_list_new(Int32(clamping: topics.count))
    defer { rd_kafka_topic_partition_list_destroy(list) }
    for topic in topics {
      rd_kafka_topic_partition_list_add(list, topic, RD_KAFKA_PARTITION_UA)
    }
    let result = rd_kafka_subscribe(handle.client, list)
    guard result == RD_KAFKA_RESP_ERR_NO_ERROR else {
      throw KafkaFailure("\(name): subscribing", code: result.rawValue)
    }
    loop.watch(queue.descriptor) { [weak self] in self?.serve() }
  }

  /// Everything before an offset of a partition is processed.
  struct Position {
    let topic: String
    let partition: Int32
    let offset: Int64
  }

  /// Commits for the group, without waiting for the broker's word: what is not committed is read again.
  func commit(_ positions: [Position]) {
    let list = rd_kafka_topic_partition_list_new(Int32(clamping: positions.count))
    defer { rd_kafka_topic_partition_list_destroy(list) }
    for position in positions {
      rd_kafka_topic_partition_list_add(list, position.topic, position.partition)?.pointee.offset = position.offset
    }
    rd_kafka_commit(handle.client, list, 1)
  }

  /// Stops or resumes fetching while staying in the group.
  func setPaused(_ paused: Bool) {
    guard paused != isPaused else { return }
    isPaused = paused
    applyPause()
  }

  /// Leaves the group, so that its partitions move on at once, and ends the client when that is done. There is no
  /// way to vanish as in a crash: not every broker notices it.
  func leave() {
    if let error = rd_kafka_consumer_close_queue(handle.client, queue.pointer) {
      rd_kafka_error_destroy(error)
      return end()
    }
    awaitClosed(attempts: 500)
  }

  private func awaitClosed(attempts: Int) {
    if rd_kafka_consumer_closed(handle.client) == 1 || attempts == 0 { return end() }
    loop.after(milliseconds: 10) { self.awaitClosed(attempts: attempts - 1) }
  }

  private func end() {
    loop.unwatch(queue.descriptor)
    queue.close()
    handle.destroy()
  }

  private func serve() {
    queue.drain { event in
      switch rd_kafka_event_type(event) {
      case RD_KAFKA_EVENT_FETCH: fetched(event)
      case RD_KAFKA_EVENT_REBALANCE: rebalance(event)
      case RD_KAFKA_EVENT_ERROR: notify(.failure(String(cString: rd_kafka_event_error_string(event))))
      default: break
      }
    }
  }

  private func fetched(_ event: OpaquePointer) {
    while let message = rd_kafka_event_message_next(event) {
      if let copy = KafkaMessage(copying: message) {
        notify(.message(copy))
      } else {
        notify(.failure(String(cString: rd_kafka_err2str(message.pointee.err))))
      }
    }
  }

  private func rebalance(_ event: OpaquePointer) {
    if rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS,
      let list = rd_kafka_event_topic_partition_list(event)
    {
      rd_kafka_assign(handle.client, list)
      assignment = (0..<Int(list.pointee.cnt)).map {
        (String(cString: list.pointee.elems[$0].topic), list.pointee.elems[$0].partition)
      }
      if isPaused { applyPause() }
    } else {
      notify(.revoked)
      assignment = []
      rd_kafka_assign(handle.client, nil)
    }
  }

  private func applyPause() {
    guard !assignment.isEmpty else { return }
    let list = rd_kafka_topic_partition_list_new(Int32(clamping: assignment.count))
    defer { rd_kafka_topic_partition_list_destroy(list) }
    for (topic, partition) in assignment {
      rd_kafka_topic_partition_list_add(list, topic, partition)
    }
    if isPaused {
      rd_kafka_pause_partitions(handle.client, list)
    } else {
      rd_kafka_resume_partitions(handle.client, list)
    }
  }
}

/// Keeps a consumer from asking in a busy loop where a broker answers fetches at once although there is nothing to
/// read. A broker that holds an empty answer back, as Kafka does, is not slowed down.
enum FetchPace {
  /// Milliseconds from one quick answer to the next fetch.
  fileprivate static let pause: UInt32 = 40
  fileprivate static let name = "pace"
  /// Kafka's number for the fetch request.
  fileprivate static let fetch: Int16 = 1

  static func add(to configuration: OpaquePointer) {
    rd_kafka_conf_interceptor_add_on_new(configuration, name, addToClient, nil)
  }
}

private func addToClient(
  client: OpaquePointer?, configuration: OpaquePointer?, context: UnsafeMutableRawPointer?,
  text: UnsafeMutablePointer<CChar>?, size: Int
) -> rd_kafka_resp_err_t {
  rd_kafka_interceptor_add_on_response_received(client, FetchPace.name, pauseAfterFetch, nil)
}

/// Runs on the broker's own thread in librdkafka, which does nothing but talk to that broker.
private func pauseAfterFetch(
  client: OpaquePointer?, socket: Int32, broker: UnsafePointer<CChar>?, brokerId: Int32, request: Int16,
  version: Int16, correlation: Int32, size: Int, roundTrip: Int64, error: rd_kafka_resp_err_t,
  context: UnsafeMutableRawPointer?
) -> rd_kafka_resp_err_t {
  if request == FetchPace.fetch, roundTrip < Int64(FetchPace.pause) * 1000 { usleep(FetchPace.pause * 1000) }
  return RD_KAFKA_RESP_ERR_NO_ERROR
}
