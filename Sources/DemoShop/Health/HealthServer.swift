import CMicrohttpd

/// One service's HTTP endpoint on 127.0.0.1, served on the event loop's thread.
final class HealthServer {
  static let path = "/actuator/health"

  let port: UInt16
  private let loop: EventLoop
  private let report: () -> ServiceHealth?
  private var daemon: OpaquePointer?

  var url: String { "http://127.0.0.1:\(port)\(Self.path)" }

  /// Serves on an already listening socket; `report` is asked at every request, which gets no answer where it gives nothing.
  init(
    listener: LoopbackSocket.Listener, loop: EventLoop, report: @escaping () -> ServiceHealth?
  ) throws(SystemFailure) {
    port = listener.port
    self.loop = loop
    self.report = report
    // The server closes the socket that it listens on.
    let socket = listener.descriptor.release()
    daemon = sg_http_start(socket, answerRequest, Unmanaged.passUnretained(self).toOpaque())
    guard let daemon else { throw SystemFailure("starting the HTTP server on 127.0.0.1:\(port) failed") }
    loop.watch(sg_http_descriptor(daemon)) { [weak self] in self?.serve() }
  }

  deinit {
    guard let daemon else { return }
    loop.unwatch(sg_http_descriptor(daemon))
    MHD_stop_daemon(daemon)
  }

  private func serve() {
    guard let daemon else { return }
    MHD_run(daemon)
  }

  fileprivate func answer(_ connection: OpaquePointer?, method: String, path: String) -> MHD_Result {
    let isKnown = path == Self.path && (method == "GET" || method == "HEAD")
    let health = isKnown ? report() : nil
    if isKnown, health == nil { return .NO }
    let missing: KeyValuePairs<String, JSON> = [
      "status": .integer(404), "error": .string("Not Found"), "path": .string(path),
    ]
    var text = (health?.body ?? .members(missing)).text
    let response = text.withUTF8 {
      MHD_create_response_from_buffer(
        $0.count, UnsafeMutableRawPointer(mutating: $0.baseAddress), .RESPMEM_MUST_COPY)
    }
    defer { MHD_destroy_response(response) }
    MHD_add_response_header(response, "Content-Type", "application/vnd.spring-boot.actuator.v3+json")
    return MHD_queue_response(connection, health?.httpStatus ?? 404, response)
  }
}

private func answerRequest(
  context: UnsafeMutableRawPointer?, connection: OpaquePointer?, path: UnsafePointer<CChar>?,
  method: UnsafePointer<CChar>?, version: UnsafePointer<CChar>?, upload: UnsafePointer<CChar>?,
  uploadSize: UnsafeMutablePointer<Int>?, state: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
  guard let context, let path, let method else { return .NO }
  // A body is read to its end, else the connection cannot be kept alive.
  if let uploadSize, uploadSize.pointee > 0 {
    uploadSize.pointee = 0
    return .YES
  }
  if let state, state.pointee == nil {
    state.pointee = context
    return .YES
  }
  return Unmanaged<HealthServer>.fromOpaque(context).takeUnretainedValue()
    .answer(connection, method: String(cString: method), path: String(cString: path))
}
