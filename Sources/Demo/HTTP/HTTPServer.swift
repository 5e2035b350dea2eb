import CMicrohttpd

/// An HTTP server on 127.0.0.1, served on the event loop's thread.
final class HTTPServer {
  /// Sends the response to a request. Call it once, immediately or later. `nil` closes the connection without a response.
  typealias Answer = (HTTPResponse?) -> Void

  let port: UInt16
  private let loop: EventLoop
  private let handler: (HTTPRequest, @escaping Answer) -> Void
  private var daemon: OpaquePointer?
  private var waiting: [ObjectIdentifier: Exchange] = [:]

  /// Serves on a socket that already listens.
  init(
    listener: LoopbackSocket.Listener, loop: EventLoop,
    handler: @escaping (HTTPRequest, @escaping Answer) -> Void
  ) throws(SystemFailure) {
    port = listener.port
    self.loop = loop
    self.handler = handler
    // libmicrohttpd closes the listening socket.
    let socket = listener.descriptor.release()
    daemon = sg_http_start(socket, answerRequest, endRequest, Unmanaged.passUnretained(self).toOpaque())
    guard let daemon else { throw SystemFailure("starting the HTTP server on 127.0.0.1:\(port) failed") }
    loop.watch(sg_http_descriptor(daemon)) { [weak self] in self?.serve() }
  }

  deinit {
    guard let daemon else { return }
    loop.unwatch(sg_http_descriptor(daemon))
    // libmicrohttpd cannot stop while a connection is suspended.
    for exchange in waiting.values { exchange.resume() }
    MHD_stop_daemon(daemon)
  }

  private func serve() {
    guard let daemon else { return }
    MHD_run(daemon)
  }

  /// Passes a complete request to the handler and suspends its connection until there is a response.
  fileprivate func ask(_ exchange: Exchange) -> MHD_Result {
    var isAnswered = false
    handler(exchange.request) { [weak self] response in
      guard !isAnswered else { return }
      isAnswered = true
      exchange.outcome = .answered(response)
      self?.wake(exchange)
    }
    if case .answered(let response) = exchange.outcome { return exchange.send(response) }
    waiting[ObjectIdentifier(exchange)] = exchange
    exchange.outcome = .awaited
    MHD_suspend_connection(exchange.connection)
    return .YES
  }

  private func wake(_ exchange: Exchange) {
    guard waiting.removeValue(forKey: ObjectIdentifier(exchange)) != nil else { return }
    exchange.resume()
    loop.after(milliseconds: 0) { [weak self] in self?.serve() }
  }
}

private func answerRequest(
  context: UnsafeMutableRawPointer?, connection: OpaquePointer?, path: UnsafePointer<CChar>?,
  method: UnsafePointer<CChar>?, version: UnsafePointer<CChar>?, upload: UnsafePointer<CChar>?,
  uploadSize: UnsafeMutablePointer<Int>?, state: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
  guard let context, let connection, let path, let method, let uploadSize, let state else { return .NO }
  guard let known = state.pointee else {
    let exchange = Exchange(connection, method: String(cString: method), path: String(cString: path))
    state.pointee = Unmanaged.passRetained(exchange).toOpaque()
    return .YES
  }
  let exchange = Unmanaged<Exchange>.fromOpaque(known).takeUnretainedValue()
  if uploadSize.pointee > 0 {
    let isTaken = exchange.take(UnsafeRawBufferPointer(start: upload, count: uploadSize.pointee))
    uploadSize.pointee = 0
    return isTaken ? .YES : .NO
  }
  switch exchange.outcome {
  case .unasked: return Unmanaged<HTTPServer>.fromOpaque(context).takeUnretainedValue().ask(exchange)
  case .awaited: return .NO
  case .answered(let response): return exchange.send(response)
  }
}

private func endRequest(
  context: UnsafeMutableRawPointer?, connection: OpaquePointer?,
  state: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, code: MHD_RequestTerminationCode
) {
  guard let known = state?.pointee else { return }
  state?.pointee = nil
  Unmanaged<Exchange>.fromOpaque(known).release()
}

/// A request on a connection and its outcome. Lives until libmicrohttpd releases the request.
final class Exchange {
  enum Outcome {
    case unasked
    case awaited
    case answered(HTTPResponse?)
  }

  private static let longestBody = 1 << 20

  let connection: OpaquePointer
  private let method: String
  private let path: String
  private var body: [UInt8] = []
  var outcome = Outcome.unasked

  init(_ connection: OpaquePointer, method: String, path: String) {
    self.connection = connection
    self.method = method
    self.path = path
  }

  /// Appends a part of the body; returns false if it is too large.
  func take(_ part: UnsafeRawBufferPointer) -> Bool {
    guard body.count + part.count <= Self.longestBody else { return false }
    body.append(contentsOf: part)
    return true
  }

  var request: HTTPRequest {
    HTTPRequest(
      method: method, path: path, query: values(.GET_ARGUMENT_KIND), headers: values(.HEADER_KIND), body: body)
  }

  func resume() {
    MHD_resume_connection(connection)
  }

  func send(_ answer: HTTPResponse?) -> MHD_Result {
    guard let answer else { return .NO }
    let response = answer.body.withUnsafeBytes {
      MHD_create_response_from_buffer(
        $0.count, UnsafeMutableRawPointer(mutating: $0.baseAddress), .RESPMEM_MUST_COPY)
    }
    guard let response else { return .NO }
    defer { MHD_destroy_response(response) }
    MHD_add_response_header(response, "Content-Type", answer.type)
    for header in answer.headers { MHD_add_response_header(response, header.name, header.value) }
    return MHD_queue_response(connection, answer.status, response)
  }

  private func values(_ kind: MHD_ValueKind) -> [String: String] {
    var result = Values()
    withUnsafeMutablePointer(to: &result) { _ = MHD_get_connection_values(connection, kind, collectValue, $0) }
    guard kind == .HEADER_KIND else { return result.all }
    return Dictionary(result.all.map { ($0.key.lowercased(), $0.value) }, uniquingKeysWith: { $1 })
  }
}

private struct Values {
  var all: [String: String] = [:]
}

private func collectValue(
  context: UnsafeMutableRawPointer?, kind: MHD_ValueKind, name: UnsafePointer<CChar>?, value: UnsafePointer<CChar>?
) -> MHD_Result {
  guard let context, let name else { return .YES }
  let values = context.assumingMemoryBound(to: Values.self)
  values.pointee.all[String(cString: name)] = value.map { String(cString: $0) } ?? ""
  return .YES
}

/// A complete request.
struct HTTPRequest {
  let method: String
  /// Percent-decoded, without the query.
  let path: String
  /// The last value of each query parameter.
  let query: [String: String]
  /// The last value of each header, by its lower-case name.
  let headers: [String: String]
  let body: [UInt8]

  /// The parts of the path between slashes.
  var segments: [String] { path.split(separator: "/").map(String.init) }
}

/// A response with a text body, usually JSON.
struct HTTPResponse {
  let status: UInt32
  let body: [UInt8]
  let type: String
  var headers: [(name: String, value: String)] = []

  init(_ status: UInt32, _ body: JSON, type: String = "application/json; charset=utf-8") {
    self.init(status, text: body.text, type: type)
  }

  init(_ status: UInt32, text: String, type: String) {
    self.status = status
    body = Array(text.utf8)
    self.type = type
  }
}
