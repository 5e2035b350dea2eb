import Core

@testable import TUI

extension Fixture {
  static let traceID = TraceID(high: 0x4bf9_2f35_77b3_4da6, low: 0xa3ce_929d_0e0e_4736)

  private static func span(
    _ id: String, _ parent: String?, _ service: String, _ name: String, _ kind: TraceSpan.Kind, _ start: Int64,
    took: Int64?, status: Int? = nil, error: String? = nil
  ) -> TraceSpan {
    var span = TraceSpan(
      id: id, parent: parent, service: service, name: name, kind: kind, start: now - .milliseconds(start),
      duration: took.map { .milliseconds($0) })
    (span.status, span.error, span.hasFailed) = (status, error, error != nil)
    return span
  }

  /// Traces of the saga that is stuck at payment.
  static let sampleTraces: SagaTraces = {
    var call = span(
      "c1", "a1", "payment-service", "get /users/{id}", .client, 251_000, took: 2100, status: 503,
      error: "Service \u{1b}[31mUnavailable")
    call.tags = [.init("http.path", "/users/7"), .init("peer.service", "user-service")]
    let spans = [
      span("a0", nil, "order-service", "post /orders", .server, 252_900, took: 300),
      span("a1", "a0", "payment-service", "inventory-reserved process", .consumer, 251_900, took: nil), call,
      span(
        "c2", "c1", "user-service", "get /users/{id}", .server, 250_900, took: 2000, status: 503, error: "pool is empty"
      ),
      span("c3", "a1", "payment-service", "select customers", .client, 251_500, took: 12),
      span("x1", "gone", "audit", "write", .server, 240_000, took: 900),
    ]
    var trace = Trace(id: traceID, spans: spans, dropped: 3)
    trace.isPartial = true
    return SagaTraces(
      ids: [TraceID(high: 0, low: 7), traceID],
      samples: [TraceSample(id: traceID, time: now - .seconds(1), outcome: .found(trace))], isOff: false,
      link: "http://zipkin:9411/zipkin/traces/\(traceID.text)")
  }()
}
