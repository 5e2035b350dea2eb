import Core
import Text

/// Parses the spans of a trace from the response of a trace store. The response is untrusted: invalid spans are skipped and counted.
enum TraceParser {
  /// Larger responses are rejected. In bytes.
  static let longestBody = 8 << 20

  /// `nil` if the response does not have the format of this store. `now` is the time of the response.
  static func trace(
    _ id: TraceID, _ kind: TraceStoreSettings.Kind, _ body: [UInt8], now: Timestamp
  ) -> Trace? {
    guard let document = JSONValue(body) else { return nil }
    let read =
      switch kind {
      case .zipkin: zipkin(id, document)
      case .jaeger: jaeger(id, document)
      case .tempo: otlp(id, document)
      }
    guard var trace = read else { return nil }
    let count = trace.spans.count
    trace.spans.removeAll { !isPlausible($0, now: now) }
    let left = trace.spans.count
    trace.dropped += count - left
    return trace
  }

  /// A response may contain other traces, for example from a proxy with a wrong cache. A span without a trace id belongs to the trace that
  /// was requested. Stores may omit the first 64 bits of an id, and leading zeros.
  private static func isOf(_ id: TraceID, _ node: JSONValue?) -> Bool {
    guard let text = node?.text else { return node == nil }
    let isBase64 = text.utf8.count == 24 && text.hasSuffix("==")
    let digits = isBase64 ? Base64.decoded(Array(text.utf8)).map(hexadecimal) ?? "" : text
    let padded = String(repeating: "0", count: max(0, 8 - digits.utf8.count)) + digits
    guard let found = TraceID(header: Array(padded.utf8)) else { return false }
    return found.low == id.low && (found.high == id.high || found.high == 0 || id.high == 0)
  }

  /// The year 2000: an earlier start is an unset clock.
  private static let first = Timestamp(milliseconds: 946_684_800_000)
  /// The maximum clock difference of a machine that reports spans.
  private static let tolerance = Duration.seconds(300)

  private static func isPlausible(_ span: TraceSpan, now: Timestamp) -> Bool {
    span.start >= first && (span.end ?? span.start) <= now + tolerance
  }

  /// Reads at most `Trace.mostSpans` elements. Elements for which `read` returns `nil` are counted as dropped.
  private static func collect(_ id: TraceID, _ elements: [JSONValue], _ read: (JSONValue) -> TraceSpan?) -> Trace {
    let spans = elements.prefix(Trace.mostSpans).compactMap(read)
    return Trace(id: id, spans: spans, dropped: elements.count - spans.count)
  }

  // MARK: Zipkin

  /// https://zipkin.io/zipkin-api/, GET /api/v2/trace/{traceId}: a list of spans.
  private static func zipkin(_ id: TraceID, _ document: JSONValue) -> Trace? {
    document.elements.map { collect(id, $0) { isOf(id, $0["traceId"]) ? zipkinSpan($0) : nil } }
  }

  private static func zipkinSpan(_ node: JSONValue) -> TraceSpan? {
    guard let id = spanID(node["id"]), let start = microseconds(node["timestamp"]),
      let duration = length(node["duration"])
    else { return nil }
    var span = TraceSpan(
      id: id, parent: spanID(node["parentId"]), service: text(node["localEndpoint"]?["serviceName"]),
      name: text(node["name"]) ?? "", kind: kind(node["kind"]?.text), start: start, duration: duration)
    span.remote = text(node["remoteEndpoint"]?["serviceName"])
    take(node["tags"]?.members?.map { ($0.name, $0.value) } ?? [], into: &span)
    return span
  }

  // MARK: Jaeger

  /// GET /api/traces/{id} of Jaeger's query service: `data`, a list of traces with `spans` and `processes`.
  private static func jaeger(_ id: TraceID, _ document: JSONValue) -> Trace? {
    guard let data = document["data"]?.elements else { return nil }
    var spans: [TraceSpan] = []
    var count = 0
    for part in data {
      let processes = part["processes"]
      let elements = part["spans"]?.elements ?? []
      count += elements.count
      spans += elements.prefix(Trace.mostSpans - spans.count).compactMap { node in
        isOf(id, node["traceID"] ?? part["traceID"]) ? jaegerSpan(node, processes) : nil
      }
    }
    return Trace(id: id, spans: spans, dropped: count - spans.count)
  }

  private static func jaegerSpan(_ node: JSONValue, _ processes: JSONValue?) -> TraceSpan? {
    guard let id = spanID(node["spanID"]), let start = microseconds(node["startTime"]),
      let duration = length(node["duration"])
    else { return nil }
    let references = node["references"]?.elements ?? []
    let parent = references.first { $0["refType"]?.text == "CHILD_OF" } ?? references.first
    let process = node["process"] ?? node["processID"]?.text.flatMap { processes?[$0] }
    var span = TraceSpan(
      id: id, parent: spanID(parent?["spanID"]) ?? spanID(node["parentSpanID"]), service: text(process?["serviceName"]),
      name: text(node["operationName"]) ?? "", start: start, duration: duration)
    take((node["tags"]?.elements ?? []).map { ($0["key"]?.text ?? "", $0["value"] ?? .null) }, into: &span)
    for log in (node["logs"]?.elements ?? []).prefix(TraceSpan.mostTags) where span.hasFailed && span.error == nil {
      let fields = log["fields"]?.elements ?? []
      let message = fields.first { ["message", "error.object", "exception.message"].contains($0["key"]?.text ?? "") }
      span.error = text(message?["value"])
    }
    return span
  }

  // MARK: OTLP

  /// OTLP in JSON, as Tempo returns it: `batches` in API version 1, `trace.resourceSpans` in version 2.
  private static func otlp(_ id: TraceID, _ document: JSONValue) -> Trace? {
    let body = document["trace"] ?? document
    guard let batches = (body["batches"] ?? body["resourceSpans"])?.elements else { return nil }
    var trace = Trace(id: id, spans: [])
    trace.isPartial = document["status"]?.text == "PARTIAL"
    var count = 0
    for batch in batches {
      let resource = batch["resource"]?["attributes"]?.elements ?? []
      let service = resource.first { $0["key"]?.text == "service.name" }.flatMap { text(attribute($0)) }
      let scopes = (batch["scopeSpans"] ?? batch["instrumentationLibrarySpans"])?.elements ?? []
      for node in scopes.flatMap({ $0["spans"]?.elements ?? [] }) {
        count += 1
        guard trace.spans.count < Trace.mostSpans, isOf(id, node["traceId"]) else { continue }
        if let span = otlpSpan(node, service) { trace.spans.append(span) }
      }
    }
    trace.dropped = count - trace.spans.count
    return trace
  }

  private static func otlpSpan(_ node: JSONValue, _ service: String?) -> TraceSpan? {
    guard let id = spanID(node["spanId"]), let start = nanoseconds(node["startTimeUnixNano"]) else { return nil }
    // A span that has not ended has no end, or 0.
    let reported = node["endTimeUnixNano"] ?? .null
    let hasEnded = reported != .null && reported.scalar != "0"
    let end = nanoseconds(reported)
    guard !hasEnded || end.map({ $0 >= start }) ?? false else { return nil }
    var span = TraceSpan(
      id: id, parent: spanID(node["parentSpanId"]), service: service, name: text(node["name"]) ?? "",
      kind: otlpKind(node["kind"]), start: start, duration: end.map { $0 - start })
    take((node["attributes"]?.elements ?? []).map { ($0["key"]?.text ?? "", attribute($0)) }, into: &span)
    let code = node["status"]?["code"]?.scalar
    if code == "2" || code == "STATUS_CODE_ERROR" {
      span.hasFailed = true
      span.error = text(node["status"]?["message"]) ?? span.error
    }
    return span
  }

  private static func attribute(_ node: JSONValue) -> JSONValue { node["value"]?.members?.first?.value ?? .null }

  private static func otlpKind(_ node: JSONValue?) -> TraceSpan.Kind? {
    switch node?.scalar {
    case "1", "SPAN_KIND_INTERNAL": .internal
    case "2", "SPAN_KIND_SERVER": .server
    case "3", "SPAN_KIND_CLIENT": .client
    case "4", "SPAN_KIND_PRODUCER": .producer
    case "5", "SPAN_KIND_CONSUMER": .consumer
    default: nil
    }
  }

  // MARK: Values

  private static func kind(_ text: String?) -> TraceSpan.Kind? {
    text.flatMap { TraceSpan.Kind(rawValue: $0.lowercased()) }
  }

  /// Applies tags with a known meaning, by the names of OpenTracing, Brave and OpenTelemetry.
  private static func take(_ tags: [(String, JSONValue)], into span: inout TraceSpan) {
    for (name, value) in tags where !name.isEmpty {
      switch name {
      case "error" where value != .bool(false) && value.text?.lowercased() != "false":
        span.hasFailed = true
        span.error = text(value).flatMap { $0 == "true" ? nil : $0 } ?? span.error
      case "otel.status_code" where value.text == "ERROR": span.hasFailed = true
      case "otel.status_description", "exception.message": span.error = span.error ?? text(value)
      case "span.kind": span.kind = kind(value.text) ?? span.kind
      case "peer.service": span.remote = span.remote ?? text(value)
      case "http.status_code", "http.response.status_code":
        span.status = value.scalar.flatMap { Int($0) }.flatMap { (100...999).contains($0) ? $0 : nil }
      default: break
      }
      guard span.tags.count < TraceSpan.mostTags, let text = text(value) else { continue }
      span.tags.append(.init(cut(name), text))
    }
    // Brave stores the status code as the error text.
    span.status = span.status ?? span.error.flatMap { Int($0) }.flatMap { (400...599).contains($0) ? $0 : nil }
  }

  private static func text(_ node: JSONValue?) -> String? {
    node?.scalar.flatMap { $0.isEmpty ? nil : cut($0) }
  }

  private static func cut(_ text: String) -> String {
    guard text.utf8.count > TraceSpan.longestText else { return text }
    return String(decoding: text.utf8.prefix(TraceSpan.longestText), as: UTF8.self) + "…"
  }

  /// Lower-case hexadecimal. Tempo writes the eight bytes in Base64. An id of zeros means no span.
  private static func spanID(_ node: JSONValue?) -> String? {
    guard let text = node?.text, (1...32).contains(text.utf8.count) else { return nil }
    let isBase64 = text.utf8.count == 12 && text.hasSuffix("=")
    let id = isBase64 ? Base64.decoded(Array(text.utf8)).map(hexadecimal) ?? "" : text.lowercased()
    return id.contains { $0 != "0" } ? id : nil
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// Times are compared with the present later; larger numbers would overflow. The year 2200, in microseconds since 1970.
  private static let lastMicrosecond: Int64 = 7_258_118_400_000_000

  private static func microseconds(_ node: JSONValue?) -> Timestamp? {
    guard let value = whole(node), value > 0, value <= lastMicrosecond else { return nil }
    return Timestamp(nanoseconds: value * 1000)
  }

  private static func nanoseconds(_ node: JSONValue?) -> Timestamp? {
    guard let value = whole(node), value > 0, value / 1000 <= lastMicrosecond else { return nil }
    return Timestamp(nanoseconds: value)
  }

  private static let longestSpan: Int64 = 30 * 86_400_000_000

  /// `.some(nil)` if the span reports no duration, `nil` if it reports an impossible one.
  private static func length(_ node: JSONValue?) -> Duration?? {
    guard let node, node != .null else { return .some(nil) }
    guard let value = whole(node), (0...longestSpan).contains(value) else { return nil }
    return .microseconds(value)
  }

  private static func whole(_ node: JSONValue?) -> Int64? {
    guard let text = node?.scalar else { return nil }
    return Int64(text) ?? Double(text).flatMap { Int64(exactly: $0.rounded()) }
  }
}
