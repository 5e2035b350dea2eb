import CKafka
import Core
import Glibc

/// Asks about consumer groups, and has the queue on which the answers come. Belongs to one thread.
///
/// Answers that come after it is gone are thrown away by librdkafka.
package final class GroupAdminRequests {
  /// For questions to a group's coordinator. When librdkafka 2.0.2 gives up on such a question whose coordinator cannot be reached, and
  /// that comes back later, the library aborts the whole program: it must never give up. Who asked has to.
  private static let forever = Duration.seconds(3600)

  private let client: GroupClient
  private let queue: OpaquePointer
  private let topics: TopicNames

  /// Every answer rings `bell`.
  package init?(_ client: GroupClient, bell: WakeUp, topics: TopicNames) {
    guard let queue = rd_kafka_queue_new(client.handle) else { return nil }
    self.client = client
    self.queue = queue
    self.topics = topics
    var one: UInt64 = 1
    rd_kafka_queue_io_event_enable(queue, bell.descriptor, &one, MemoryLayout.size(ofValue: one))
  }

  deinit {
    rd_kafka_queue_io_event_enable(queue, -1, nil, 0)
    rd_kafka_queue_destroy(queue)
  }

  /// Which groups are there? Goes to every broker; one that does not answer within `timeout` counts as a failure.
  package func list(timeout: Duration) {
    withOptions(RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPS, number: 0, timeout) {
      rd_kafka_ListConsumerGroups(client.handle, $0, queue)
    }
  }

  /// Who are the members of this group? Its answer has this number. Must not be asked of brokers that do not know the question: the
  /// library would abort the program.
  package func members(of group: String, number: Int) {
    withOptions(RD_KAFKA_ADMIN_OP_DESCRIBECONSUMERGROUPS, number: number, Self.forever) { options in
      group.withCString { name in
        var names: [UnsafePointer<CChar>?] = [name]
        rd_kafka_DescribeConsumerGroups(client.handle, &names, 1, options, queue)
      }
    }
  }

  /// What has this group committed for these partitions, or, where none are named, at all? Its answer has this number.
  package func commits(of group: String, partitions: [TopicPartition]?, number: Int) {
    var list: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>?
    if let partitions {
      list = rd_kafka_topic_partition_list_new(Int32(clamping: partitions.count))
      for id in partitions { rd_kafka_topic_partition_list_add(list, id.topic, id.partition) }
    }
    var request: OpaquePointer? = rd_kafka_ListConsumerGroupOffsets_new(group, list)
    if let list { rd_kafka_topic_partition_list_destroy(list) }
    defer { rd_kafka_ListConsumerGroupOffsets_destroy(request) }
    withOptions(RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPOFFSETS, number: number, Self.forever) {
      rd_kafka_ListConsumerGroupOffsets(client.handle, &request, 1, $0, queue)
    }
  }

  private func withOptions(
    _ operation: rd_kafka_admin_op_t, number: Int, _ timeout: Duration, _ body: (OpaquePointer?) -> Void
  ) {
    let options = rd_kafka_AdminOptions_new(client.handle, operation)
    defer { rd_kafka_AdminOptions_destroy(options) }
    rd_kafka_AdminOptions_set_opaque(options, UnsafeMutableRawPointer(bitPattern: number))
    rd_kafka_AdminOptions_set_request_timeout(
      options, Int32(clamping: max(1, Int(timeout.milliseconds))), nil, 0)
    body(options)
  }

  /// Hands over what has come, without waiting.
  package func drain(_ body: (GroupAdminResponse) -> Void) {
    while let event = rd_kafka_queue_poll(queue, 0) {
      if let answer = answer(event) { body(answer) }
      rd_kafka_event_destroy(event)
    }
  }

  private func answer(_ event: OpaquePointer) -> GroupAdminResponse? {
    switch rd_kafka_event_type(event) {
    case RD_KAFKA_EVENT_LISTCONSUMERGROUPS_RESULT: GroupAdminResponses.listing(event)
    case RD_KAFKA_EVENT_DESCRIBECONSUMERGROUPS_RESULT: GroupAdminResponses.description(event, topics)
    case RD_KAFKA_EVENT_LISTCONSUMERGROUPOFFSETS_RESULT: GroupAdminResponses.commits(event, topics)
    default: nil
    }
  }
}
