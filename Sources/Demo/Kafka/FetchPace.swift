import CKafka
import Glibc

/// Keeps a consumer from asking in a busy loop where a broker answers fetches at once although there is nothing to
/// read. A broker that holds an empty answer back, as Kafka does, is not slowed down.
enum FetchPace {
  /// Milliseconds from one quick answer to the next fetch.
  fileprivate static let pause: UInt32 = 40
  fileprivate static let name = "pace"
  /// Kafka's number for the fetch request.
  fileprivate static let fetch: Int16 = 1

  static func add(to configuration: OpaquePointer) {
    rd_kafka_conf_interceptor_add_on_new(configuration, name, addToClient, nil)
  }
}

private func addToClient(
  client: OpaquePointer?, configuration: OpaquePointer?, context: UnsafeMutableRawPointer?,
  text: UnsafeMutablePointer<CChar>?, size: Int
) -> rd_kafka_resp_err_t {
  rd_kafka_interceptor_add_on_response_received(client, FetchPace.name, pauseAfterFetch, nil)
}

/// Runs on the broker's own thread in librdkafka, which does nothing but talk to that broker.
private func pauseAfterFetch(
  client: OpaquePointer?, socket: Int32, broker: UnsafePointer<CChar>?, brokerId: Int32, request: Int16,
  version: Int16, correlation: Int32, size: Int, roundTrip: Int64, error: rd_kafka_resp_err_t,
  context: UnsafeMutableRawPointer?
) -> rd_kafka_resp_err_t {
  if request == FetchPace.fetch, roundTrip < Int64(FetchPace.pause) * 1000 { usleep(FetchPace.pause * 1000) }
  return RD_KAFKA_RESP_ERR_NO_ERROR
}
