import CKafka
import Glibc

/// A consumer group member that reads topics and commits processed messages. Not thread-safe: used only on the event loop's thread.
final class KafkaConsumer {
  /// Notifications to the owner of the consumer.
  enum Notice {
    case message(KafkaMessage)
    /// The partitions are assigned to another member, which reads messages in progress again.
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

  /// All messages before this offset of a partition are processed.
  struct Position {
    let topic: String
    let partition: Int32
    let offset: Int64
  }

  /// Commits asynchronously. Messages are read again if their commit fails.
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

  /// Leaves the group, so that its partitions are reassigned immediately, and then ends the client. A crash is not simulated here,
  /// because not every broker would detect it.
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

/// Prevents a busy loop of fetches if a broker responds immediately although there are no new messages. A broker that delays empty
/// responses, as Kafka does, is not slowed down.
enum FetchPace {
  /// Milliseconds from a quick response to the next fetch.
  fileprivate static let pause: UInt32 = 40
  fileprivate static let name = "pace"
  /// API key of the Fetch request.
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

/// Runs on librdkafka's thread for this broker, which does nothing else.
private func pauseAfterFetch(
  client: OpaquePointer?, socket: Int32, broker: UnsafePointer<CChar>?, brokerId: Int32, request: Int16,
  version: Int16, correlation: Int32, size: Int, roundTrip: Int64, error: rd_kafka_resp_err_t,
  context: UnsafeMutableRawPointer?
) -> rd_kafka_resp_err_t {
  if request == FetchPace.fetch, roundTrip < Int64(FetchPace.pause) * 1000 { usleep(FetchPace.pause * 1000) }
  return RD_KAFKA_RESP_ERR_NO_ERROR
}
