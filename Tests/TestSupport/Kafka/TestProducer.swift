import CKafka

/// Writes to a broker and sends administrative requests that no consumer needs. Belongs to one thread.
package final class TestProducer {
  package struct Record {
    package var topic: String
    package var partition: Int32
    package var key: [UInt8]?
    /// `nil` for a tombstone.
    package var value: [UInt8]?
    package var headers: [(name: String, value: String)]
    /// Milliseconds since 1970; 0 for the current time.
    package var time: Int64

    package init(
      _ topic: String, _ value: String?, key: String? = nil, partition: Int32 = 0,
      headers: [(name: String, value: String)] = [], time: Int64 = 0
    ) {
      self.topic = topic
      self.partition = partition
      self.key = key.map { Array($0.utf8) }
      self.value = value.map { Array($0.utf8) }
      self.headers = headers
      self.time = time
    }
  }

  private let handle: OpaquePointer
  private let deliveries: Deliveries
  private var topics: [String: OpaquePointer] = [:]
  private var isTransactional = false

  /// `properties` are librdkafka's.
  package init(_ brokers: String, properties: [String: String] = [:]) throws {
    let configuration = rd_kafka_conf_new()
    let own = [
      "bootstrap.servers": brokers, "log_level": "0", "linger.ms": "2", "message.max.bytes": "10000000",
      "queue.buffering.max.messages": "2000000", "topic.metadata.refresh.fast.interval.ms": "50",
    ]
    for (name, value) in own.merging(properties, uniquingKeysWith: { $1 }) {
      guard rd_kafka_conf_set(configuration, name, value, nil, 0) == RD_KAFKA_CONF_OK else {
        rd_kafka_conf_destroy(configuration)
        throw TestFailure("librdkafka does not take \(name)=\(value)")
      }
    }
    let deliveries = Deliveries()
    rd_kafka_conf_set_opaque(configuration, Unmanaged.passUnretained(deliveries).toOpaque())
    rd_kafka_conf_set_dr_msg_cb(configuration, noteDelivery)
    guard let handle = rd_kafka_new(RD_KAFKA_PRODUCER, configuration, nil, 0) else {
      rd_kafka_conf_destroy(configuration)
      throw TestFailure("librdkafka gives no producer")
    }
    self.handle = handle
    self.deliveries = deliveries
  }

  deinit {
    topics.values.forEach { rd_kafka_topic_destroy($0) }
    rd_kafka_purge(handle, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT)
    rd_kafka_destroy(handle)
  }

  /// Writes all records and returns when the broker has acknowledged them.
  package func write(_ records: [Record]) throws {
    for topic in Set(records.map(\.topic)) where topics[topic] == nil { look(up: topic) }
    for record in records { try send(record) }
    let error = rd_kafka_flush(handle, 30_000)
    guard error == RD_KAFKA_RESP_ERR_NO_ERROR else { throw failure("writing", error) }
    if let refusal = deliveries.takeRefusal() { throw failure("writing", refusal) }
  }

  /// How a transaction ends; an open one lasts until the broker's timeout.
  package enum TransactionEnd {
    case committed
    case aborted
    case open
  }

  /// Writes all records in one transaction. Requires a `transactional.id` in the producer's properties.
  package func write(_ records: [Record], ending: TransactionEnd) throws {
    if !isTransactional {
      try check("beginning", rd_kafka_init_transactions(handle, 20_000))
      isTransactional = true
    }
    try check("beginning a transaction", rd_kafka_begin_transaction(handle))
    try write(records)
    switch ending {
    case .committed: try check("committing", rd_kafka_commit_transaction(handle, 20_000))
    case .aborted: try check("aborting", rd_kafka_abort_transaction(handle, 20_000))
    case .open: break
    }
  }

  private func check(_ what: String, _ error: OpaquePointer?) throws {
    guard let error else { return }
    defer { rd_kafka_error_destroy(error) }
    throw failure(what, rd_kafka_error_code(error))
  }

  /// Fetches the topic's metadata now; otherwise librdkafka checks for it once a second.
  private func look(up topic: String) {
    topics[topic] = rd_kafka_topic_new(handle, topic, nil)
    var metadata: UnsafePointer<rd_kafka_metadata>?
    if rd_kafka_metadata(handle, 0, topics[topic], &metadata, 10_000) == RD_KAFKA_RESP_ERR_NO_ERROR {
      rd_kafka_metadata_destroy(metadata)
    }
  }

  private func send(_ record: Record) throws {
    let headers = rd_kafka_headers_new(record.headers.count)
    for header in record.headers {
      rd_kafka_header_add(headers, header.name, -1, header.value, header.value.utf8.count)
    }
    let error = record.key.withBytes { key in
      record.value.withBytes { value in
        record.topic.withCString { topic in
          produce(
            [
              Self.field(RD_KAFKA_VTYPE_TOPIC) { $0.cstr = topic },
              Self.field(RD_KAFKA_VTYPE_PARTITION) { $0.i32 = record.partition },
              Self.field(RD_KAFKA_VTYPE_KEY) {
                $0.mem.ptr = key.base; $0.mem.size = key.count
              },
              Self.field(RD_KAFKA_VTYPE_VALUE) {
                $0.mem.ptr = value.base; $0.mem.size = value.count
              },
              Self.field(RD_KAFKA_VTYPE_MSGFLAGS) { $0.i = RD_KAFKA_MSG_F_COPY | RD_KAFKA_MSG_F_BLOCK },
              Self.field(RD_KAFKA_VTYPE_TIMESTAMP) { $0.i64 = record.time },
              Self.field(RD_KAFKA_VTYPE_HEADERS) { $0.headers = headers },
            ])
        }
      }
    }
    guard let error else { return }
    rd_kafka_headers_destroy(headers)
    throw TestFailure("writing to \(record.topic): \(error)")
  }

  private func produce(_ fields: [rd_kafka_vu_t]) -> String? {
    guard let error = rd_kafka_produceva(handle, fields, fields.count) else { return nil }
    defer { rd_kafka_error_destroy(error) }
    return String(cString: rd_kafka_error_string(error))
  }

  private static func field(
    _ type: rd_kafka_vtype_t, _ fill: (inout rd_kafka_vu_s.__Unnamed_union_u) -> Void
  ) -> rd_kafka_vu_t {
    var result = rd_kafka_vu_t()
    result.vtype = type
    fill(&result.u)
    return result
  }

  /// `settings` are the broker's topic configuration.
  package func createTopic(_ name: String, partitions: Int32 = 1, settings: [String: String] = [:]) throws {
    var topics: [OpaquePointer?] = [rd_kafka_NewTopic_new(name, partitions, 1, nil, 0)]
    for (name, value) in settings { rd_kafka_NewTopic_set_config(topics[0], name, value) }
    defer { rd_kafka_NewTopic_destroy_array(&topics, 1) }
    try administer("creating \(name)") { rd_kafka_CreateTopics(handle, &topics, 1, nil, $0) }
  }

  /// Increases the number of a topic's partitions to `total`.
  package func addPartitions(_ name: String, total: Int) throws {
    var new: [OpaquePointer?] = [rd_kafka_NewPartitions_new(name, total, nil, 0)]
    defer { rd_kafka_NewPartitions_destroy_array(&new, 1) }
    try administer("adding partitions to \(name)") { rd_kafka_CreatePartitions(handle, &new, 1, nil, $0) }
  }

  package func deleteTopic(_ name: String) throws {
    var topics: [OpaquePointer?] = [rd_kafka_DeleteTopic_new(name)]
    defer { rd_kafka_DeleteTopic_destroy_array(&topics, 1) }
    try administer("deleting \(name)") { rd_kafka_DeleteTopics(handle, &topics, 1, nil, $0) }
  }

  private func administer(_ what: String, _ ask: (OpaquePointer) -> Void) throws {
    try administer(what, ask) { try checkTopics(of: $0, what) }
  }

  private func administer<Answer>(
    _ what: String, _ ask: (OpaquePointer) -> Void, answer: (OpaquePointer) throws -> Answer
  ) throws -> Answer {
    guard let queue = rd_kafka_queue_new(handle) else { throw TestFailure("\(what): no memory") }
    defer { rd_kafka_queue_destroy(queue) }
    ask(queue)
    guard let event = rd_kafka_queue_poll(queue, 10_000) else { throw TestFailure("\(what): no answer") }
    defer { rd_kafka_event_destroy(event) }
    let error = rd_kafka_event_error(event)
    guard error == RD_KAFKA_RESP_ERR_NO_ERROR else { throw failure(what, error) }
    return try answer(event)
  }

  private func checkTopics(of event: OpaquePointer, _ what: String) throws {
    var count = 0
    let topics =
      rd_kafka_event_CreateTopics_result(event).flatMap { rd_kafka_CreateTopics_result_topics($0, &count) }
      ?? rd_kafka_event_CreatePartitions_result(event).flatMap { rd_kafka_CreatePartitions_result_topics($0, &count) }
      ?? rd_kafka_event_DeleteTopics_result(event).flatMap { rd_kafka_DeleteTopics_result_topics($0, &count) }
    for index in 0..<count {
      let error = rd_kafka_topic_result_error(topics?[index])
      guard error == RD_KAFKA_RESP_ERR_NO_ERROR else { throw failure(what, error) }
    }
  }

  /// The consumer groups known to the broker.
  package func groups() throws -> [String] {
    var list: UnsafePointer<rd_kafka_group_list>?
    let error = rd_kafka_list_groups(handle, nil, &list, 10_000)
    guard error == RD_KAFKA_RESP_ERR_NO_ERROR, let list else { throw failure("listing groups", error) }
    defer { rd_kafka_group_list_destroy(list) }
    return (0..<Int(list.pointee.group_cnt)).compactMap { list.pointee.groups[$0].group.map { String(cString: $0) } }
  }

  /// A group's committed offset for a partition; `nil` if there is none.
  package func committed(_ topic: String, partition: Int32, group: String) throws -> Int64? {
    let partitions = rd_kafka_topic_partition_list_new(1)
    rd_kafka_topic_partition_list_add(partitions, topic, partition)
    var request: OpaquePointer? = rd_kafka_ListConsumerGroupOffsets_new(group, partitions)
    rd_kafka_topic_partition_list_destroy(partitions)
    defer { rd_kafka_ListConsumerGroupOffsets_destroy(request) }
    return try administer("asking for the offsets of \(group)") {
      rd_kafka_ListConsumerGroupOffsets(handle, &request, 1, nil, $0)
    } answer: { event in
      var count = 0
      let result = rd_kafka_event_ListConsumerGroupOffsets_result(event)
      let groups = rd_kafka_ListConsumerGroupOffsets_result_groups(result, &count)
      guard count == 1, let list = rd_kafka_group_result_partitions(groups?[0]), list.pointee.cnt == 1 else {
        return nil
      }
      let offset = list.pointee.elems[0].offset
      return offset < 0 ? nil : offset
    }
  }

  private func failure(_ what: String, _ error: rd_kafka_resp_err_t) -> TestFailure {
    TestFailure("\(what): \(String(cString: rd_kafka_err2str(error)))")
  }
}

extension [UInt8]? {
  /// An empty array needs an address too: a null pointer would be a tombstone.
  fileprivate func withBytes<Result>(_ body: ((base: UnsafeMutableRawPointer?, count: Int)) -> Result) -> Result {
    guard let bytes = self else { return body((nil, 0)) }
    return (bytes + [0]).withUnsafeBytes { buffer in
      body((UnsafeMutableRawPointer(mutating: buffer.baseAddress), bytes.count))
    }
  }
}

/// Delivery results of the sent messages. Belongs to the producer's thread.
private final class Deliveries {
  private var refusal: rd_kafka_resp_err_t?

  func note(_ error: rd_kafka_resp_err_t) {
    if error != RD_KAFKA_RESP_ERR_NO_ERROR { refusal = error }
  }

  func takeRefusal() -> rd_kafka_resp_err_t? {
    defer { refusal = nil }
    return refusal
  }
}

private func noteDelivery(
  client: OpaquePointer?, message: UnsafePointer<rd_kafka_message_t>?, context: UnsafeMutableRawPointer?
) {
  guard let context, let message else { return }
  Unmanaged<Deliveries>.fromOpaque(context).takeUnretainedValue().note(message.pointee.err)
}
