import CKafka

/// Creates topics on a broker and finds them.
enum KafkaTopics {
  /// Creates those of `topics` that are not there yet and waits up to `timeout` milliseconds for the broker's word.
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

  /// Asks for topics; `answer` gets an event, which `outcomes` reads.
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

  /// Learns where the topics' partitions are. Without it the first message on each topic waits up to a second for
  /// librdkafka to look.
  static func locate(_ topics: [String], on handle: KafkaHandle, timeout: Int32) throws(KafkaFailure) {
    let handles = topics.compactMap { rd_kafka_topic_new(handle.client, $0, nil) }
    defer { for topic in handles { rd_kafka_topic_destroy(topic) } }
    var metadata: UnsafePointer<rd_kafka_metadata>?
    let result = rd_kafka_metadata(handle.client, 0, nil, &metadata, timeout)
    guard result == RD_KAFKA_RESP_ERR_NO_ERROR else { throw KafkaFailure("looking for topics", code: result.rawValue) }
    rd_kafka_metadata_destroy(metadata)
  }

  /// Learns where one topic's partitions are, as `locate` does for several; a broker that does not answer costs time only.
  static func locate(_ topic: String, on handle: KafkaHandle, timeout: Int32) {
    guard let pointer = rd_kafka_topic_new(handle.client, topic, nil) else { return }
    defer { rd_kafka_topic_destroy(pointer) }
    var metadata: UnsafePointer<rd_kafka_metadata>?
    if rd_kafka_metadata(handle.client, 0, pointer, &metadata, timeout) == RD_KAFKA_RESP_ERR_NO_ERROR {
      rd_kafka_metadata_destroy(metadata)
    }
  }

  /// What became of each topic that an answer speaks of; a topic that was there already is as good as created.
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
