/// The spans of the shop's services, in the format in which Brave reports them to Zipkin: each one after it has ended. The oldest traces
/// are removed first.
final class SpanBook {
  /// A span of Zipkin's model, version 2.
  struct Span {
    let trace: String
    let id: String
    let parent: String?
    let kind: String
    let name: String
    let service: String
    /// Start in milliseconds since 1970, and duration in milliseconds.
    let start: Int64
    let duration: Int64
    var remote: String?
    /// The server shares the span of its client, as in B3 propagation.
    var isShared = false
    var tags: [JSON.Member] = []
  }

  private static let most = 5000

  private var traces: [String: [Span]] = [:]
  private var order: [String] = []

  func add(_ span: Span) {
    if traces[span.trace] == nil {
      order.append(span.trace)
      if order.count > Self.most { traces[order.removeFirst()] = nil }
    }
    traces[span.trace, default: []].append(span)
  }

  /// The response to `GET /api/v2/trace/{id}`; `nil` for an unknown trace.
  func trace(_ id: String) -> JSON? { traces[id].map { .array($0.map(\.json)) } }

  var services: [String] { Set(traces.values.joined().map(\.service)).sorted() }
}

extension SpanBook.Span {
  fileprivate var json: JSON {
    var members: [JSON.Member] = [
      .init(name: "traceId", value: .string(trace)), .init(name: "id", value: .string(id)),
    ]
    if let parent { members.append(.init(name: "parentId", value: .string(parent))) }
    members += [
      .init(name: "kind", value: .string(kind)), .init(name: "name", value: .string(name)),
      .init(name: "timestamp", value: .number(String(start * 1000))),
      .init(name: "duration", value: .number(String(max(1, duration * 1000)))),
      .init(name: "localEndpoint", value: .members(["serviceName": .string(service), "ipv4": .string("127.0.0.1")])),
    ]
    if let remote { members.append(.init(name: "remoteEndpoint", value: .members(["serviceName": .string(remote)]))) }
    if isShared { members.append(.init(name: "shared", value: .bool(true))) }
    if !tags.isEmpty { members.append(.init(name: "tags", value: .object(tags))) }
    return .object(members)
  }
}

/// The part of Zipkin's API, version 2, that returns single traces.
final class ZipkinServer {
  private let server: HTTPServer

  var url: String { "http://127.0.0.1:\(server.port)" }

  init(listener: LoopbackSocket.Listener, loop: EventLoop, book: SpanBook) throws(SystemFailure) {
    server = try HTTPServer(listener: listener, loop: loop) { request, answer in
      let parts = request.segments
      if parts == ["api", "v2", "services"] {
        answer(HTTPResponse(200, .array(book.services.map(JSON.string))))
      } else if parts.count == 4, parts.starts(with: ["api", "v2", "trace"]), let trace = book.trace(parts[3]) {
        answer(HTTPResponse(200, trace))
      } else {
        answer(HTTPResponse(404, text: "not found", type: "text/plain; charset=utf-8"))
      }
    }
  }
}

extension Job {
  /// Calls another service over HTTP while processing this event, waits for the response, and reports the spans of both.
  func call(_ callee: String, _ path: String, takes milliseconds: Int, status: Int, then: @escaping () -> Void) {
    let start = Clock.epochMilliseconds()
    after(milliseconds: milliseconds) {
      self.report(callee, path, start, status)
      then()
    }
  }

  private func report(_ callee: String, _ path: String, _ start: Int64, _ status: Int) {
    guard let book = context.spans, let trace = event.trace else { return }
    let duration = Clock.epochMilliseconds() - start
    let id = TraceContext.hexadecimal(context.book.chance.bits(orderId, "call \(callee) \(start)"))
    var tags = [
      JSON.Member(name: "http.method", value: .string("GET")), JSON.Member(name: "http.path", value: .string(path)),
      JSON.Member(name: "http.status_code", value: .string("\(status)")),
    ]
    if status >= 400 { tags.append(JSON.Member(name: "error", value: .string("\(status)"))) }
    var client = SpanBook.Span(
      trace: trace.trace, id: id, parent: trace.span, kind: "CLIENT", name: "get /users/{id}",
      service: origin.service.rawValue, start: start, duration: duration)
    (client.remote, client.tags) = (callee, tags)
    var server = SpanBook.Span(
      trace: trace.trace, id: id, parent: trace.span, kind: "SERVER", name: "get /users/{id}", service: callee,
      start: start + 1, duration: max(1, duration - 2))
    (server.isShared, server.tags) = (true, tags)
    book.add(client)
    book.add(server)
  }
}

/// Zipkin's trace context in the single `b3` header: trace, span, sampled, parent.
struct TraceContext: Equatable {
  let trace: String
  let span: String
  let parent: String?

  var header: String { "\(trace)-\(span)-1" + (parent.map { "-" + $0 } ?? "") }

  /// The root span of an order's trace.
  init(orderId: Int, chance: SeededChance) {
    trace = Self.hexadecimal(chance.bits(orderId, "trace high")) + Self.hexadecimal(chance.bits(orderId, "trace low"))
    span = Self.hexadecimal(chance.bits(orderId, "root span"))
    parent = nil
  }

  private init(trace: String, span: String, parent: String) {
    self.trace = trace
    self.span = span
    self.parent = parent
  }

  /// Parses a `b3` header; `nil` if it is invalid.
  init?(header: String) {
    let parts = header.split(separator: "-").map(String.init)
    guard parts.count >= 2, [16, 32].contains(parts[0].count), parts[1].count == 16,
      parts[0].allSatisfy(\.isHexDigit), parts[1].allSatisfy(\.isHexDigit)
    else { return nil }
    self.init(trace: parts[0], span: parts[1], parent: parts.count > 3 ? parts[3] : parts[1])
  }

  /// A child span for publishing on `topic`.
  func child(orderId: Int, topic: Topic, chance: SeededChance) -> TraceContext {
    TraceContext(
      trace: trace, span: Self.hexadecimal(chance.bits(orderId, "span " + topic.rawValue)), parent: span)
  }

  static func hexadecimal(_ bits: UInt64) -> String {
    let digits = String(bits, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
