import CKafka

/// Changes consumer groups as an administrator. Belongs to one thread.
package final class TestGroups {
  private let handle: OpaquePointer

  package init(_ brokers: String) throws {
    let configuration = rd_kafka_conf_new()
    for (name, value) in ["bootstrap.servers": brokers, "log_level": "0"] {
      rd_kafka_conf_set(configuration, name, value, nil, 0)
    }
    guard let handle = rd_kafka_new(RD_KAFKA_PRODUCER, configuration, nil, 0) else {
      rd_kafka_conf_destroy(configuration)
      throw TestFailure("librdkafka gives no client")
    }
    self.handle = handle
  }

  deinit {
    rd_kafka_destroy(handle)
  }

  /// Commits for groups without members, concurrently: by group, the offset of each partition of each topic.
  package func commit(_ groups: [String: [String: [Int32: Int64]]]) throws {
    guard let queue = rd_kafka_queue_new(handle) else { throw TestFailure("no memory") }
    defer { rd_kafka_queue_destroy(queue) }
    for (group, topics) in groups {
      let list = rd_kafka_topic_partition_list_new(1)
      for (topic, offsets) in topics {
        for (partition, offset) in offsets {
          rd_kafka_topic_partition_list_add(list, topic, partition).pointee.offset = offset
        }
      }
      var request: OpaquePointer? = rd_kafka_AlterConsumerGroupOffsets_new(group, list)
      rd_kafka_AlterConsumerGroupOffsets(handle, &request, 1, nil, queue)
      rd_kafka_AlterConsumerGroupOffsets_destroy(request)
      rd_kafka_topic_partition_list_destroy(list)
    }
    for _ in groups { try check("committing", rd_kafka_queue_poll(queue, 20_000)) }
  }

  package func delete(_ group: String) throws {
    guard let queue = rd_kafka_queue_new(handle) else { throw TestFailure("no memory") }
    defer { rd_kafka_queue_destroy(queue) }
    var request: OpaquePointer? = rd_kafka_DeleteGroup_new(group)
    rd_kafka_DeleteGroups(handle, &request, 1, nil, queue)
    rd_kafka_DeleteGroup_destroy(request)
    try check("deleting \(group)", rd_kafka_queue_poll(queue, 20_000))
  }

  private func check(_ what: String, _ event: OpaquePointer?) throws {
    guard let event else { throw TestFailure("\(what): no answer") }
    defer { rd_kafka_event_destroy(event) }
    let error = rd_kafka_event_error(event)
    guard error == RD_KAFKA_RESP_ERR_NO_ERROR else { throw failure(what, error) }
    var count = 0
    let groups =
      rd_kafka_event_AlterConsumerGroupOffsets_result(event).flatMap {
        rd_kafka_AlterConsumerGroupOffsets_result_groups($0, &count)
      } ?? rd_kafka_event_DeleteGroups_result(event).flatMap { rd_kafka_DeleteGroups_result_groups($0, &count) }
    for index in 0..<count { try check(what, group: groups?[index]) }
  }

  private func check(_ what: String, group: OpaquePointer?) throws {
    if let error = rd_kafka_group_result_error(group) { throw failure(what, rd_kafka_error_code(error)) }
    guard let list = rd_kafka_group_result_partitions(group) else { return }
    for index in 0..<Int(list.pointee.cnt) where list.pointee.elems[index].err != RD_KAFKA_RESP_ERR_NO_ERROR {
      throw failure(what, list.pointee.elems[index].err)
    }
  }

  private func failure(_ what: String, _ error: rd_kafka_resp_err_t) -> TestFailure {
    TestFailure("\(what): \(String(cString: rd_kafka_err2str(error)))")
  }
}
