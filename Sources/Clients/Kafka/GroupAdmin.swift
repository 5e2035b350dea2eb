import CKafka
import Core
import Glibc

/// Copies librdkafka's responses about consumer groups into values.
package enum GroupAdminResponses {
  package static func listing(_ event: OpaquePointer) -> GroupAdminResponse {
    if let failure = failure(of: event) { return .listing(names: [], failures: [failure]) }
    let result = rd_kafka_event_ListConsumerGroups_result(event)
    var count = 0
    let groups = rd_kafka_ListConsumerGroups_result_valid(result, &count)
    let names = (0..<count).compactMap { text(rd_kafka_ConsumerGroupListing_group_id(groups?[$0])) }
    let errors = rd_kafka_ListConsumerGroups_result_errors(result, &count)
    return .listing(names: names, failures: (0..<count).compactMap { failure(errors?[$0]) })
  }

  package static func description(_ event: OpaquePointer, _ topics: TopicNames) -> GroupAdminResponse? {
    let number = Int(bitPattern: rd_kafka_event_opaque(event))
    if let failure = failure(of: event) {
      return .description(number: number, .failure(isUndecodable(rd_kafka_event_error(event)) ? .undecodable : failure))
    }
    var count = 0
    let groups = rd_kafka_DescribeConsumerGroups_result_groups(
      rd_kafka_event_DescribeConsumerGroups_result(event), &count)
    guard count == 1, let group = groups?[0] else { return nil }
    let error = rd_kafka_ConsumerGroupDescription_error(group)
    if let failure = failure(error) {
      return .description(number: number, .failure(isUndecodable(rd_kafka_error_code(error)) ? .undecodable : failure))
    }
    let state = text(rd_kafka_consumer_group_state_name(rd_kafka_ConsumerGroupDescription_state(group)))
    let members = (0..<rd_kafka_ConsumerGroupDescription_member_count(group)).compactMap {
      member(rd_kafka_ConsumerGroupDescription_member(group, $0), topics)
    }
    return .description(
      number: number,
      .success(
        .init(
          state: state.flatMap(GroupSample.State.init),
          isSimple: rd_kafka_ConsumerGroupDescription_is_simple_consumer_group(group) != 0, members: members)))
  }

  /// librdkafka rejects the whole response if it cannot decode one member's assignment. Some versions report this as a destroyed broker.
  private static func isUndecodable(_ code: rd_kafka_resp_err_t) -> Bool {
    [RD_KAFKA_RESP_ERR__BAD_MSG, RD_KAFKA_RESP_ERR__UNDERFLOW, RD_KAFKA_RESP_ERR__DESTROY].contains(code)
  }

  private static func member(_ member: OpaquePointer?, _ topics: TopicNames) -> GroupSample.Member? {
    guard let member, let id = text(rd_kafka_MemberDescription_consumer_id(member)) else { return nil }
    let assignment = rd_kafka_MemberDescription_assignment(member)
    return .init(
      id: id, clientID: text(rd_kafka_MemberDescription_client_id(member)) ?? "",
      host: text(rd_kafka_MemberDescription_host(member)) ?? "",
      partitions: elements(assignment.flatMap(rd_kafka_MemberAssignment_partitions)).compactMap { element in
        element.topic.map { .init(topic: topics.symbol($0), partition: element.partition) }
      })
  }

  /// Partitions without a commit are left out by most brokers, and here.
  package static func commits(_ event: OpaquePointer, _ topics: TopicNames) -> GroupAdminResponse? {
    let number = Int(bitPattern: rd_kafka_event_opaque(event))
    if let failure = failure(of: event) { return .commits(number: number, .failure(failure)) }
    var count = 0
    let groups = rd_kafka_ListConsumerGroupOffsets_result_groups(
      rd_kafka_event_ListConsumerGroupOffsets_result(event), &count)
    guard count == 1, let group = groups?[0] else { return nil }
    if let failure = failure(rd_kafka_group_result_error(group)) {
      return .commits(number: number, .failure(failure))
    }
    var commits: [GroupSample.Commit] = []
    for element in elements(rd_kafka_group_result_partitions(group)) {
      guard let topic = element.topic, element.offset >= 0 else { continue }
      if let failure = failure(element.err) { return .commits(number: number, .failure(failure)) }
      commits.append(.init(topic: topics.symbol(topic), partition: element.partition, offset: element.offset))
    }
    return .commits(number: number, .success(commits))
  }

  private static func elements(
    _ list: UnsafePointer<rd_kafka_topic_partition_list_t>?
  ) -> UnsafeBufferPointer<rd_kafka_topic_partition_t> {
    UnsafeBufferPointer(start: list?.pointee.elems, count: Int(list?.pointee.cnt ?? 0))
  }

  private static func text(_ pointer: UnsafePointer<CChar>?) -> String? { pointer.map { String(cString: $0) } }

  private static func failure(of event: OpaquePointer) -> GroupAdminResponse.Failure? {
    failure(rd_kafka_event_error(event))
  }

  private static func failure(_ error: OpaquePointer?) -> GroupAdminResponse.Failure? {
    error.flatMap { failure(rd_kafka_error_code($0)) }
  }

  private static func failure(_ error: rd_kafka_resp_err_t) -> GroupAdminResponse.Failure? {
    let text = KafkaConfiguration.text(error)
    switch error {
    case RD_KAFKA_RESP_ERR_NO_ERROR: return nil
    case RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE, RD_KAFKA_RESP_ERR_UNSUPPORTED_VERSION:
      return .init(kind: .unsupported, text: text)
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED,
      RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_INVALID_GROUP_ID:
      return .init(kind: .refused, text: text)
    default: return .init(kind: .noAnswer, text: text)
    }
  }
}

/// A broker's response about consumer groups.
package enum GroupAdminResponse {
  /// The existing groups, and a failure for each broker that did not respond.
  case listing(names: [String], failures: [Failure])
  /// One group's description. `number` is the number of the request.
  case description(number: Int, Result<Description, Failure>)
  /// One group's existing commits. `number` is the number of the request.
  case commits(number: Int, Result<[GroupSample.Commit], Failure>)

  package struct Failure: Error {
    package enum Kind {
      /// The broker does not support the request.
      case unsupported
      /// No response; a later request may succeed.
      case noAnswer
      /// The broker rejects the request.
      case refused
      /// The response cannot be decoded.
      case undecodable
    }

    package var kind: Kind
    package var text: String

    package static let undecodable = Failure(kind: .undecodable, text: "what it says of the members cannot be decoded")
    package static let late = Failure(kind: .noAnswer, text: "no answer in time")
  }

  package struct Description {
    package var state: GroupSample.State?
    /// The group has no protocol type: it was created by commits only.
    package var isSimple: Bool
    package var members: [GroupSample.Member]
  }
}

/// Sends requests about consumer groups and owns the queue for the responses. Used by one thread only.
///
/// librdkafka discards responses that arrive after this object is freed.
package final class GroupAdminRequests {
  /// Timeout for requests to a group's coordinator. librdkafka 2.0.2 aborts the program if such a request times out while the coordinator
  /// is unreachable and the coordinator comes back later. So the library's timeout must never be reached; the caller has its own timeout.
  private static let forever = Duration.seconds(3600)

  private let client: GroupClient
  private let queue: OpaquePointer
  private let topics: TopicNames

  /// `bell` is rung for every response.
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

  /// Lists the groups. Sends a request to every broker; a broker that does not respond within `timeout` counts as a failure.
  package func list(timeout: Duration) {
    withOptions(RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPS, number: 0, timeout) {
      rd_kafka_ListConsumerGroups(client.handle, $0, queue)
    }
  }

  /// Requests the members of this group. The response carries this number. Must not be sent to brokers that do not support the request:
  /// librdkafka would abort the program.
  package func members(of group: String, number: Int) {
    withOptions(RD_KAFKA_ADMIN_OP_DESCRIBECONSUMERGROUPS, number: number, Self.forever) { options in
      group.withCString { name in
        var names: [UnsafePointer<CChar>?] = [name]
        rd_kafka_DescribeConsumerGroups(client.handle, &names, 1, options, queue)
      }
    }
  }

  /// Requests the group's commits for these partitions, or all commits if `partitions` is `nil`. The response carries this number.
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

  /// Delivers the responses received so far. Does not wait.
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
