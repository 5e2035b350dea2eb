import CKafka
import Glibc
import Synchronization

/// Holds back the next fetch where a broker does not do so itself.
///
/// A broker is asked to keep an empty answer for `fetch.wait.max.ms`. One that answers at once has the consumer ask again at once, for
/// ever. Only answers without a message are held back, and not longer than the broker was asked to keep them; a broker that waits
/// never notices. Safe on any thread.
package final class FetchPace: Sendable {
  private static let name = "sagatop"
  private static let longest: Int32 = 100
  /// Kafka's number for the fetch request.
  private static let fetch: Int16 = 1

  private let wait: Int64
  private let emptyBytes = Mutex<[Int32: Int]>([:])

  /// `wait` is how long the broker is asked to keep an empty answer, in milliseconds.
  package init(wait: Int32) {
    self.wait = Int64(max(0, min(wait, Self.longest))) * 1000
  }

  /// Must outlive every client that is made of the configuration.
  package func add(to configuration: OpaquePointer) {
    rd_kafka_conf_interceptor_add_on_new(
      configuration, Self.name, paceClient, Unmanaged.passUnretained(self).toOpaque())
  }

  /// The partitions that are read, from which it follows how large an answer without messages is. A broker that leads none of them is
  /// not held back.
  package func follow(_ topics: [String: [ClusterMetadata.Partition]]) {
    var bytes: [Int32: Int] = [:]
    for (topic, partitions) in topics {
      for (leader, count) in Dictionary(partitions.map { ($0.leader, 1) }, uniquingKeysWith: +) {
        bytes[leader, default: 32] += topic.utf8.count + 6 + count * 42
      }
    }
    emptyBytes.withLock { $0 = bytes }
  }

  /// Microseconds to wait after an answer of `size` bytes that took `roundTrip` microseconds.
  package func pause(broker: Int32, request: Int16, size: Int, roundTrip: Int64) -> UInt32 {
    guard request == Self.fetch, roundTrip >= 0, roundTrip < wait else { return 0 }
    guard let empty = emptyBytes.withLock({ $0[broker] }), size <= empty else { return 0 }
    return UInt32(wait - roundTrip)
  }

  fileprivate static func pace(_ client: OpaquePointer?, _ context: UnsafeMutableRawPointer?) -> rd_kafka_resp_err_t {
    rd_kafka_interceptor_add_on_response_received(client, name, pauseAfterResponse, context)
  }
}

private func paceClient(
  client: OpaquePointer?, configuration: OpaquePointer?, context: UnsafeMutableRawPointer?,
  text: UnsafeMutablePointer<CChar>?, size: Int
) -> rd_kafka_resp_err_t {
  FetchPace.pace(client, context)
}

/// Runs on the thread in librdkafka that does nothing but talk to that broker.
private func pauseAfterResponse(
  client: OpaquePointer?, socket: Int32, host: UnsafePointer<CChar>?, broker: Int32, request: Int16,
  version: Int16, correlation: Int32, size: Int, roundTrip: Int64, error: rd_kafka_resp_err_t,
  context: UnsafeMutableRawPointer?
) -> rd_kafka_resp_err_t {
  guard let context else { return RD_KAFKA_RESP_ERR_NO_ERROR }
  let pace = Unmanaged<FetchPace>.fromOpaque(context).takeUnretainedValue()
  let pause = pace.pause(broker: broker, request: request, size: size, roundTrip: roundTrip)
  if pause > 0 { usleep(pause) }
  return RD_KAFKA_RESP_ERR_NO_ERROR
}
