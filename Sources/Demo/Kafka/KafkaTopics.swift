import CKafka

/// Creates topics and requests their metadata.
enum KafkaTopics {
  /// Creates the missing topics and waits for the result, at most `timeout` milliseconds.
  static func create(
    _ topics: [String], partitions: Int, on handle: KafkaHandle, timeout: Int32
  ) throws(KafkaFailure) {
    guard let queue = rd_kafka_queue_new(handle.client) else { throw KafkaFailure("creating topics", "out of memory") }
    defer { rd_kafka_queue_destroy(queue) }
    request(topics, partitions: partitions, on: handle, queue: queue)
    guard let event = rd_kafka_queue_poll(queue, timeout) else {
      throw KafkaFailure("creating topics", "no broker answered within \(timeout) ms")
    }
    defer { rd_kafka_event_destroy(event) }
    guard rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR_NO_ERROR else {
      throw KafkaFailure("creating topics", String(cString: rd_kafka_event_error_string(event)))
    }
    for outcome in outcomes(event).values { try outcome.get() }
  }

  /// Requests the creation of topics; `answer` gets an event that `outcomes` reads.
  static func request(
    _ topics: [String], partitions: Int, on handle: KafkaHandle, answer: KafkaQueue
  ) {
    if let queue = answer.pointer { request(topics, partitions: partitions, on: handle, queue: queue) }
  }

  private static func request(_ topics: [String], partitions: Int, on handle: KafkaHandle, queue: OpaquePointer) {
    var new: [OpaquePointer?] = topics.map {
      rd_kafka_NewTopic_new($0, Int32(clamping: partitions), 1, nil, 0)
    }
    rd_kafka_CreateTopics(handle.client, &new, new.count, nil, queue)
    rd_kafka_NewTopic_destroy_array(&new, new.count)
  }

  /// Loads the metadata of the topics. Otherwise the first message on each topic would wait up to a second for it.
  static func locate(_ topics: [String], on handle: KafkaHandle, timeout: Int32) throws(KafkaFailure) {
    let handles = topics.compactMap { rd_kafka_topic_new(handle.client, $0, nil) }
    defer { for topic in handles { rd_kafka_topic_destroy(topic) } }
    var metadata: UnsafePointer<rd_kafka_metadata>?
    let result = rd_kafka_metadata(handle.client, 0, nil, &metadata, timeout)
    guard result == RD_KAFKA_RESP_ERR_NO_ERROR else { throw KafkaFailure("looking for topics", code: result.rawValue) }
    rd_kafka_metadata_destroy(metadata)
  }

  /// Loads the metadata of one topic. Errors are ignored.
  static func locate(_ topic: String, on handle: KafkaHandle, timeout: Int32) {
    guard let pointer = rd_kafka_topic_new(handle.client, topic, nil) else { return }
    defer { rd_kafka_topic_destroy(pointer) }
    var metadata: UnsafePointer<rd_kafka_metadata>?
    if rd_kafka_metadata(handle.client, 0, pointer, &metadata, timeout) == RD_KAFKA_RESP_ERR_NO_ERROR {
      rd_kafka_metadata_destroy(metadata)
    }
  }

  /// The result per topic. An existing topic counts as created.
  static func outcomes(_ event: OpaquePointer) -> [String: Result<Void, KafkaFailure>] {
    var count = 0
    guard let result = rd_kafka_event_CreateTopics_result(event),
      let topics = rd_kafka_CreateTopics_result_topics(result, &count)
    else { return [:] }
    var outcomes: [String: Result<Void, KafkaFailure>] = [:]
    for index in 0..<count {
      let code = rd_kafka_topic_result_error(topics[index])
      let name = rd_kafka_topic_result_name(topics[index]).map { String(cString: $0) } ?? "a topic"
      let isThere = code == RD_KAFKA_RESP_ERR_NO_ERROR || code == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS
      outcomes[name] =
        isThere ? .success(()) : .failure(KafkaFailure("creating the topic \(name)", code: code.rawValue))
    }
    return outcomes
  }
}

/// Creates topics at run time without blocking. Not thread-safe: used only on the event loop's thread.
final class TopicMaker {
  /// Metadata timeout, and delay before the creation of a rejected topic is retried, both in milliseconds.
  private static let timeout: Int32 = 1000
  private static let retryDelay = 500
  private static let mostAtOnce = 100

  private let handle: KafkaHandle
  private let mockCluster: KafkaMockCluster?
  private let partitions: Int
  private let loop: EventLoop
  private let log: Log
  private let queue: KafkaQueue
  private var known: Set<String> = []
  private var waiting: [String: [() -> Void]] = [:]
  private var wanted: [String] = []
  private var asked: [String] = []

  init(on broker: Broker, partitions: Int, loop: EventLoop, log: Log) throws(KafkaFailure) {
    handle = broker.producer
    mockCluster = broker.mockCluster
    self.partitions = partitions
    self.loop = loop
    self.log = log
    guard let queue = rd_kafka_queue_new(handle.client) else { throw KafkaFailure("creating topics", "out of memory") }
    self.queue = try KafkaQueue(taking: queue)
    loop.watch(self.queue.descriptor) { [weak self] in self?.serve() }
  }

  /// Calls `action` when the topic exists: immediately, or after it was created. Actions of one topic keep their order.
  func withTopic(_ topic: String, _ action: @escaping () -> Void) {
    if known.contains(topic) { return action() }
    waiting[topic, default: []].append(action)
    guard waiting[topic]?.count == 1 else { return }
    wanted.append(topic)
    // Other topics requested in this turn of the event loop are created in the same request.
    if wanted.count == 1 { loop.after(milliseconds: 0) { [weak self] in self?.create() } }
  }

  private func create() {
    guard asked.isEmpty, !wanted.isEmpty else { return }
    asked = Array(wanted.prefix(Self.mostAtOnce))
    wanted.removeFirst(asked.count)
    guard let mockCluster else {
      return KafkaTopics.request(asked, partitions: partitions, on: handle, answer: queue)
    }
    settle(
      Dictionary(
        uniqueKeysWithValues: asked.map { topic in
          (
            topic,
            Result(catching: { () throws(KafkaFailure) in try mockCluster.create(topic, partitions: partitions) })
          )
        }))
  }

  private func serve() {
    queue.drain { event in
      guard rd_kafka_event_type(event) == RD_KAFKA_EVENT_CREATETOPICS_RESULT else { return }
      let error = rd_kafka_event_error(event)
      let refusal = KafkaFailure("creating topics", code: error.rawValue)
      settle(
        error == RD_KAFKA_RESP_ERR_NO_ERROR
          ? KafkaTopics.outcomes(event)
          : Dictionary(uniqueKeysWithValues: asked.map { ($0, .failure(refusal)) }))
    }
  }

  private func settle(_ outcomes: [String: Result<Void, KafkaFailure>]) {
    let topics = asked
    asked = []
    for topic in topics {
      if case .failure(let failure)? = outcomes[topic] {
        log.write("topics", "\(failure); trying again in \(Self.retryDelay) ms")
        loop.after(milliseconds: Self.retryDelay) { [weak self] in self?.want(topic) }
      } else {
        ready(topic)
      }
    }
    create()
  }

  private func want(_ topic: String) {
    wanted.append(topic)
    create()
  }

  private func ready(_ topic: String) {
    KafkaTopics.locate(topic, on: handle, timeout: Self.timeout)
    known.insert(topic)
    for action in waiting.removeValue(forKey: topic) ?? [] { action() }
  }
}
