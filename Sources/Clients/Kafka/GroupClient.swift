import CKafka
import Core
import Synchronization

/// A librdkafka client for requests about other clients' consumer groups. It joins no group, commits nothing and cannot write.
///
/// `@unchecked Sendable`: librdkafka allows calls for one handle on any thread, and the handle never changes. It is freed only after the
/// last call that uses it has returned.
package final class GroupClient: @unchecked Sendable {
  package let handle: OpaquePointer
  private let events: OpaquePointer
  private let counter = RequestCounter()
  private let certificates: BrokerCertificates?

  /// Throws like `KafkaClient.init`. `isolation` defines the log end offsets, and which messages a `FirstMessageClient` finds. If `nil`, the
  /// operator's properties decide; the default is the last stable offset.
  package init(_ access: KafkaAccess, isolation: Isolation? = nil) throws(KafkaError) {
    let configuration = try KafkaConfiguration.make(
      access, isolation.map { KafkaConfiguration.Role.fetch($0) } ?? .admin)
    counter.add(to: configuration)
    let handle = try KafkaConfiguration.client(RD_KAFKA_CONSUMER, configuration, access)
    self.handle = handle
    certificates = BrokerCertificates(access)
    // Errors and log lines arrive in one queue, which must be emptied.
    events = rd_kafka_queue_get_main(handle)
    rd_kafka_set_log_queue(handle, nil)
  }

  deinit {
    rd_kafka_queue_destroy(events)
    rd_kafka_destroy(handle)
  }

  /// Number of requests sent.
  package var requests: Int { counter.count }

  /// Requests metadata of all topics from a broker. Blocks for at most `timeout`.
  package func metadata(timeout: Duration) -> Result<ClusterMetadata, KafkaError> {
    let answer = ClusterMetadata.ask(handle, timeout: timeout)
    if case .success(let metadata) = answer { certificates?.look(at: metadata.brokers.values.sorted()) }
    return answer
  }

  /// Which broker certificates have expired or expire soon, for the certificates read so far.
  package func certificateNotes(at now: Timestamp) -> [String] { certificates?.notes(at: now) ?? [] }

  /// The cluster id. `nil` if no broker reports one within `timeout`.
  package func clusterID(timeout: Duration) -> String? {
    guard let id = rd_kafka_clusterid(handle, Int32(clamping: Int(timeout.milliseconds))) else { return nil }
    defer { rd_kafka_mem_free(handle, id) }
    return String(cString: id)
  }

  /// Finds out why a topic is missing from the list of all topics. Blocks for at most `timeout`.
  package func access(toTopic name: String, timeout: Duration) -> TopicAccess {
    TopicAccess.ask(handle, name, timeout: timeout)
  }

  /// Requests the start offsets (−2) or end offsets (−1; KIP-79) of these partitions, or their first offsets at or after a time in
  /// milliseconds (result −1: no message). All partitions must have the same leader: if one leader is down, librdkafka loses the
  /// responses of the others too. Blocks for at most `timeout`.
  package func offsets(of partitions: [TopicPartition], at position: Int64, timeout: Duration) -> LogOffsetsResponse {
    guard let list = rd_kafka_topic_partition_list_new(Int32(clamping: partitions.count)) else { return .silence }
    defer { rd_kafka_topic_partition_list_destroy(list) }
    for id in partitions { rd_kafka_topic_partition_list_add(list, id.topic, id.partition).pointee.offset = position }
    let error = rd_kafka_offsets_for_times(handle, list, Int32(clamping: Int(timeout.milliseconds)))
    switch error {
    case RD_KAFKA_RESP_ERR_NO_ERROR: break
    case RD_KAFKA_RESP_ERR__TIMED_OUT, RD_KAFKA_RESP_ERR__TRANSPORT: return .silence
    default: return .refusal(KafkaConfiguration.text(error))
    }
    return .offsets(
      (0..<Int(list.pointee.cnt)).map { index in
        let element = list.pointee.elems[index]
        // "No message at or after this time" is a valid result too.
        guard element.err == RD_KAFKA_RESP_ERR_NO_ERROR, element.offset >= (position < 0 ? 0 : -1) else { return nil }
        return element.offset
      })
  }

  /// The latest broker error since the last call. Other events are discarded.
  package func takeError() -> String? {
    let name = String(cString: rd_kafka_name(handle))
    var last: String?
    while let event = rd_kafka_queue_poll(events, 0) {
      last = Self.text(event).flatMap { BrokerLogMessage.text($0, client: name) } ?? last
      rd_kafka_event_destroy(event)
    }
    return last.map { certificates?.explained($0) ?? $0 } ?? certificates?.lateExplanation()
  }

  static func text(_ event: OpaquePointer) -> String? {
    var facility: UnsafePointer<CChar>?
    var text: UnsafePointer<CChar>?
    var level: Int32 = 0
    if rd_kafka_event_log(event, &facility, &text, &level) == 0 { return text.map { String(cString: $0) } }
    // "All brokers are down" only repeats the errors of the individual brokers.
    guard rd_kafka_event_type(event) == RD_KAFKA_EVENT_ERROR,
      rd_kafka_event_error(event) != RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN
    else { return nil }
    return rd_kafka_event_error_string(event).map { String(cString: $0) }
  }
}

extension GroupClient {
  /// Timeout for the offsets of one batch of partitions.
  private static let offsetsTimeout = Duration.seconds(1)
  private static let mostQuestions = 40

  /// As `offsets(of:at:timeout:)`. Partitions without a response are missing. Stops after the first timeout.
  package func offsets(of partitions: [TopicPartition], at position: Int64) -> [TopicPartition: Int64] {
    var found: [TopicPartition: Int64] = [:]
    var budget = Self.mostQuestions
    for part in TopicPartition.parts(of: partitions) {
      let answer = LogOffsetsResponse.search(Array(part), budget: &budget) {
        offsets(of: $0, at: position, timeout: Self.offsetsTimeout)
      }
      guard case .offsets(let offsets) = answer else { break }
      for (id, offset) in zip(part, offsets) where offset != nil { found[id] = offset }
    }
    return found
  }
}

/// The response of a partition leader to a request for log start or end offsets.
package enum LogOffsetsResponse: Sendable, Equatable {
  /// In the order of the partitions. `nil` if there is no offset for a partition.
  case offsets([Int64?])
  /// No response in time.
  case silence
  /// The request failed for a partition, and librdkafka does not return the offsets of the others.
  case refusal(String)

  /// Requests all partitions together. If the request fails, splits it in halves until the faulty partition is found. Sends at most
  /// `budget` requests.
  package static func search(
    _ partitions: [TopicPartition], budget: inout Int, ask: ([TopicPartition]) -> LogOffsetsResponse
  ) -> LogOffsetsResponse {
    guard budget > 0 else { return .silence }
    budget -= 1
    let answer = ask(partitions)
    guard case .refusal = answer else { return answer }
    guard partitions.count > 1 else { return .offsets([nil]) }
    let middle = partitions.count / 2
    guard
      case .offsets(let left) = search(Array(partitions[..<middle]), budget: &budget, ask: ask),
      case .offsets(let right) = search(Array(partitions[middle...]), budget: &budget, ask: ask)
    else { return .silence }
    return .offsets(left + right)
  }
}

/// Counts all requests that a client sends. Thread-safe.
package final class RequestCounter: Sendable {
  private static let name = "sagatop"

  private let sent = Atomic(0)

  /// Requests since the client was created.
  package var count: Int { sent.load(ordering: .relaxed) }

  /// This object must outlive every client that is created from the configuration.
  package func add(to configuration: OpaquePointer) {
    rd_kafka_conf_interceptor_add_on_new(
      configuration, Self.name, countClient, Unmanaged.passUnretained(self).toOpaque())
  }

  fileprivate static func count(_ client: OpaquePointer?, _ context: UnsafeMutableRawPointer?) -> rd_kafka_resp_err_t {
    rd_kafka_interceptor_add_on_request_sent(client, name, countRequest, context)
  }

  fileprivate func add() { sent.wrappingAdd(1, ordering: .relaxed) }
}

private func countClient(
  client: OpaquePointer?, configuration: OpaquePointer?, context: UnsafeMutableRawPointer?,
  text: UnsafeMutablePointer<CChar>?, size: Int
) -> rd_kafka_resp_err_t {
  RequestCounter.count(client, context)
}

private func countRequest(
  client: OpaquePointer?, socket: Int32, host: UnsafePointer<CChar>?, broker: Int32, request: Int16,
  version: Int16, correlation: Int32, size: Int, context: UnsafeMutableRawPointer?
) -> rd_kafka_resp_err_t {
  if let context { Unmanaged<RequestCounter>.fromOpaque(context).takeUnretainedValue().add() }
  return RD_KAFKA_RESP_ERR_NO_ERROR
}
