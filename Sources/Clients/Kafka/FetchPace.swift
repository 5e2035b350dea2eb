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

  private struct State {
    var arrivals: (@Sendable () -> Int)?
    var answers: [Int32: FetchAnswers] = [:]
    var fetches = 0
  }

  private let wait: Int64
  private let state = Mutex(State())

  /// `wait` is how long the broker is asked to keep an empty answer, in milliseconds.
  package init(wait: Int32) {
    self.wait = Int64(max(0, min(wait, Self.longest))) * 1000
  }

  /// Must outlive every client that is made of the configuration.
  package func add(to configuration: OpaquePointer) {
    rd_kafka_conf_interceptor_add_on_new(
      configuration, Self.name, paceClient, Unmanaged.passUnretained(self).toOpaque())
  }

  /// `arrivals` says how many messages the client was given by all brokers, those included that nobody has taken yet. It is called on
  /// the library's threads; `nil` ends that, and with it the holding back.
  package func count(_ arrivals: (@Sendable () -> Int)?) { state.withLock { $0.arrivals = arrivals } }

  /// How many fetches were sent.
  package var fetches: Int { state.withLock { $0.fetches } }

  /// A fetch is sent: what the one before brought has been given to the client.
  package func sent(broker: Int32, request: Int16) {
    guard request == Self.fetch else { return }
    state.withLock { state in
      state.fetches += 1
      if let arrived = state.arrivals?() { state.answers[broker, default: FetchAnswers()].judge(arrived: arrived) }
    }
  }

  /// Microseconds to wait after an answer of `size` bytes that took `roundTrip` microseconds.
  package func pause(broker: Int32, request: Int16, size: Int, roundTrip: Int64) -> UInt32 {
    guard request == Self.fetch, roundTrip >= 0, roundTrip < wait else { return 0 }
    let isEmpty = state.withLock { $0.arrivals != nil && $0.answers[broker]?.isEmpty(size: size) ?? false }
    return isEmpty ? UInt32(wait - roundTrip) : 0
  }

  /// What has come is about to be given to the client.
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

/// Learns from one broker's answers how large those without messages are. The library shows an answer's size before it reads it, and
/// what was in it only by what arrives at the client. An empty answer names all partitions that were asked for, in groups by topic that
/// differ from one answer to the next. Pure.
struct FetchAnswers {
  /// The largest answer that carried nothing; `nil` before there was one.
  private var empty: Int?
  private var last: (size: Int, arrived: Int)?

  func isEmpty(size: Int) -> Bool { empty.map { size <= $0 } ?? false }

  /// `arrived` counts what the client was given before this answer.
  mutating func receive(size: Int, arrived: Int) { last = (size, arrived) }

  /// `arrived` counts what the client was given with the last answer. Messages of other brokers hide that it was empty; then it teaches
  /// nothing.
  mutating func judge(arrived: Int) {
    guard let answer = last else { return }
    last = nil
    if arrived == answer.arrived {
      empty = max(empty ?? 0, answer.size)
    } else if isEmpty(size: answer.size) {
      // Fewer partitions are read now, or a message is as short as a topic's name.
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
  pace.received(broker: broker, request: request, size: size)
  return RD_KAFKA_RESP_ERR_NO_ERROR
}
