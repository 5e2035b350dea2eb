import CKafka
import Glibc
import Synchronization

/// Delays the next fetch if a broker does not do so itself.
///
/// The consumer requests that a broker holds back an empty response for `fetch.wait.max.ms`. If a broker responds immediately, the
/// consumer sends the next fetch immediately, in an endless loop. Only responses without messages are delayed. Thread-safe.
package final class FetchPace: Sendable {
  private static let name = "sagatop"
  private static let longest: Int32 = 100
  /// API key of the fetch request.
  private static let fetch: Int16 = 1

  private struct State {
    var arrivals: (@Sendable () -> Int)?
    var answers: [Int32: FetchAnswers] = [:]
    var fetches = 0
  }

  /// The shortest time from one fetch to the next after a response without messages, in microseconds.
  private let interval: Int64
  private let state = Mutex(State())

  /// `wait` is the requested wait of the broker for an empty response, in milliseconds. With `isCalm`, the time from one fetch to the next
  /// is twice as long, also for a broker that waits: for a screen that is drawn five times a second.
  package init(wait: Int32, isCalm: Bool = false) {
    interval = Int64(max(0, min(wait, Self.longest))) * (isCalm ? 2000 : 1000)
  }

  /// This object must outlive every client that is created from the configuration.
  package func add(to configuration: OpaquePointer) {
    rd_kafka_conf_interceptor_add_on_new(
      configuration, Self.name, paceClient, Unmanaged.passUnretained(self).toOpaque())
  }

  /// `arrivals` returns the number of messages that the client received from all brokers, including messages still in the queue. It is
  /// called on librdkafka's threads. `nil` disables the delay.
  package func count(_ arrivals: (@Sendable () -> Int)?) { state.withLock { $0.arrivals = arrivals } }

  /// Number of fetches sent.
  package var fetches: Int { state.withLock { $0.fetches } }

  /// Called when a fetch is sent: the messages of the previous response have been delivered to the client by then.
  package func sent(broker: Int32, request: Int16) {
    guard request == Self.fetch else { return }
    state.withLock { state in
      state.fetches += 1
      if let arrived = state.arrivals?() { state.answers[broker, default: FetchAnswers()].judge(arrived: arrived) }
    }
  }

  /// Returns the time to wait, in microseconds, after a response of `size` bytes with a round trip of `roundTrip` microseconds.
  package func pause(broker: Int32, request: Int16, size: Int, roundTrip: Int64) -> UInt32 {
    guard request == Self.fetch, roundTrip >= 0, roundTrip < interval else { return 0 }
    let isEmpty = state.withLock { $0.arrivals != nil && $0.answers[broker]?.isEmpty(size: size) ?? false }
    return isEmpty ? UInt32(interval - roundTrip) : 0
  }

  /// Called before the messages of a response are delivered to the client.
  package func received(broker: Int32, request: Int16, size: Int) {
    guard request == Self.fetch else { return }
    state.withLock { state in
      guard let arrived = state.arrivals?() else { return }
      state.answers[broker, default: FetchAnswers()].receive(size: size, arrived: arrived)
    }
  }

  fileprivate static func pace(_ client: OpaquePointer?, _ context: UnsafeMutableRawPointer?) -> rd_kafka_resp_err_t {
    rd_kafka_interceptor_add_on_request_sent(client, name, noteRequest, context)
    return rd_kafka_interceptor_add_on_response_received(client, name, pauseAfterResponse, context)
  }
}

/// Learns the size of one broker's responses without messages. librdkafka reports the size of a response before it parses it; whether it
/// had messages is visible only by what is delivered to the client. An empty response lists all requested partitions, grouped by topic in
/// a way that differs between responses. Pure.
struct FetchAnswers {
  /// Size in bytes of the largest response without messages. `nil` before the first one.
  private var empty: Int?
  private var last: (size: Int, arrived: Int)?

  func isEmpty(size: Int) -> Bool { empty.map { size <= $0 } ?? false }

  /// `arrived` is the number of messages delivered to the client before this response.
  mutating func receive(size: Int, arrived: Int) { last = (size, arrived) }

  /// `arrived` is the number of messages delivered to the client including the last response. If messages of other brokers arrived at the
  /// same time, an empty response is not recognised and nothing is learned.
  mutating func judge(arrived: Int) {
    guard let answer = last else { return }
    last = nil
    if arrived == answer.arrived {
      empty = max(empty ?? 0, answer.size)
    } else if isEmpty(size: answer.size) {
      // The learned size is too large: fewer partitions are read now, or a message is as short as a topic's name.
      empty = nil
    }
  }
}

private func paceClient(
  client: OpaquePointer?, configuration: OpaquePointer?, context: UnsafeMutableRawPointer?,
  text: UnsafeMutablePointer<CChar>?, size: Int
) -> rd_kafka_resp_err_t {
  FetchPace.pace(client, context)
}

private func noteRequest(
  client: OpaquePointer?, socket: Int32, host: UnsafePointer<CChar>?, broker: Int32, request: Int16,
  version: Int16, correlation: Int32, size: Int, context: UnsafeMutableRawPointer?
) -> rd_kafka_resp_err_t {
  if let context {
    Unmanaged<FetchPace>.fromOpaque(context).takeUnretainedValue().sent(broker: broker, request: request)
  }
  return RD_KAFKA_RESP_ERR_NO_ERROR
}

/// Runs on the librdkafka thread that serves only this broker.
private func pauseAfterResponse(
  client: OpaquePointer?, socket: Int32, host: UnsafePointer<CChar>?, broker: Int32, request: Int16,
  version: Int16, correlation: Int32, size: Int, roundTrip: Int64, error: rd_kafka_resp_err_t,
  context: UnsafeMutableRawPointer?
) -> rd_kafka_resp_err_t {
  guard let context else { return RD_KAFKA_RESP_ERR_NO_ERROR }
  let pace = Unmanaged<FetchPace>.fromOpaque(context).takeUnretainedValue()
  let pause = pace.pause(broker: broker, request: request, size: size, roundTrip: roundTrip)
  if pause > 0 { usleep(pause) }
  pace.received(broker: broker, request: request, size: size)
  return RD_KAFKA_RESP_ERR_NO_ERROR
}
