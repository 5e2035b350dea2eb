import CKafka
import Core
import Synchronization

/// A librdkafka client that asks about other clients' consumer groups. It has no group of its own: it joins none, commits nothing,
/// and cannot write.
///
/// `@unchecked Sendable`: librdkafka takes calls for one handle on any thread, and the handle never changes. It lives until the last
/// call that uses it has returned.
package final class GroupClient: @unchecked Sendable {
  package let handle: OpaquePointer
  private let events: OpaquePointer
  private let counter = RequestCounter()
  private let certificates: BrokerCertificates?

  /// As `KafkaClient.init`. The ends of logs are those of `isolation`; without one, those of the operator's properties, else the last stable
  /// offsets.
  package init(_ access: KafkaAccess, isolation: Isolation? = nil) throws(KafkaError) {
    let configuration = try KafkaConfiguration.make(access, .admin(isolation))
    counter.add(to: configuration)
    let handle = try KafkaConfiguration.client(RD_KAFKA_CONSUMER, configuration, access)
    self.handle = handle
    certificates = BrokerCertificates(access)
    // Errors and log lines arrive in one queue, which has to be emptied.
    events = rd_kafka_queue_get_main(handle)
    rd_kafka_set_log_queue(handle, nil)
  }

  deinit {
    rd_kafka_queue_destroy(events)
    rd_kafka_destroy(handle)
  }

  /// How many requests it has sent.
  package var requests: Int { counter.count }

  /// Asks a broker for all topics. Blocks for at most `timeout`.
  package func metadata(timeout: Duration) -> Result<ClusterMetadata, KafkaError> {
    let answer = ClusterMetadata.ask(handle, timeout: timeout)
    if case .success(let metadata) = answer { certificates?.look(at: metadata.brokers.values.sorted()) }
    return answer
  }

  /// Which certificates of brokers have expired or are about to, as far as was looked by now.
  package func certificateNotes(at now: Timestamp) -> [String] { certificates?.notes(at: now) ?? [] }

  /// The cluster's own id; `nil` where no broker tells one within `timeout`.
  package func clusterID(timeout: Duration) -> String? {
    guard let id = rd_kafka_clusterid(handle, Int32(clamping: Int(timeout.milliseconds))) else { return nil }
    defer { rd_kafka_mem_free(handle, id) }
    return String(cString: id)
  }

  /// Why a topic is not among all topics. Blocks for at most `timeout`.
  package func access(toTopic name: String, timeout: Duration) -> TopicAccess {
    TopicAccess.ask(handle, name, timeout: timeout)
  }

  /// Where the logs of these partitions begin (−2) or end (−1; KIP-79), or their first offsets at or after an instant in milliseconds
  /// (−1: none). One broker must lead them all: where one is dead, librdkafka loses the answers of the others too. Blocks for at most
  /// `timeout`.
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
        // Nothing at or after an instant is an answer too.
        guard element.err == RD_KAFKA_RESP_ERR_NO_ERROR, element.offset >= (position < 0 ? 0 : -1) else { return nil }
        return element.offset
      })
  }

  /// The latest error of a broker since the last call; the rest is thrown away.
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
    // That all brokers are down follows on what is wrong with each of them.
    guard rd_kafka_event_type(event) == RD_KAFKA_EVENT_ERROR,
      rd_kafka_event_error(event) != RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN
    else { return nil }
    return rd_kafka_event_error_string(event).map { String(cString: $0) }
  }
}

extension GroupClient {
  /// For the offsets of so many partitions as are asked for at once.
  private static let offsetsTimeout = Duration.seconds(1)
  private static let mostQuestions = 40

  /// As `offsets(of:at:timeout:)`. Partitions for which there is no answer are missing; after one that is late no more are asked for.
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

/// What the leader of some partitions said of where their logs begin or end.
package enum LogOffsetsResponse: Sendable, Equatable {
  /// In the order of the partitions; `nil` without an answer for one.
  case offsets([Int64?])
  /// It did not answer in time.
  case silence
  /// Something is wrong with a partition, and librdkafka keeps back what was said of the others.
  case refusal(String)

  /// Asks for all at once and, where some partition spoils it, for halves until that one is found. Asks `budget` times at most.
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

/// Counts what a client sends, whatever makes it send. Safe on any thread.
package final class RequestCounter: Sendable {
  private static let name = "sagatop"

  private let sent = Atomic(0)

  /// Since the client was made.
  package var count: Int { sent.load(ordering: .relaxed) }

  /// Must outlive every client that is made of the configuration.
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
