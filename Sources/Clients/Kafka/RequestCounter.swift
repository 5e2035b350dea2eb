import CKafka
import Synchronization

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
