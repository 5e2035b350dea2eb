import CMicrohttpd

/// An HTTP server on 127.0.0.1, served on the event loop's thread.
final class HTTPServer {
  /// Gives the answer to a request, at once or later, once; `nil` closes the connection without one.
  typealias Answer = (HTTPResponse?) -> Void

  let port: UInt16
  private let loop: EventLoop
  private let handler: (HTTPRequest, @escaping Answer) -> Void
  private var daemon: OpaquePointer?
  private var waiting: [ObjectIdentifier: Exchange] = [:]

  /// Serves on an already listening socket.
  init(
    listener: LoopbackSocket.Listener, loop: EventLoop,
    handler: @escaping (HTTPRequest, @escaping Answer) -> Void
  ) throws(SystemFailure) {
    port = listener.port
    self.loop = loop
    self.handler = handler
    // The server closes the socket that it listens on.
    let socket = listener.descriptor.release()
    daemon = sg_http_start(socket, answerRequest, endRequest, Unmanaged.passUnretained(self).toOpaque())
    guard let daemon else { throw SystemFailure("starting the HTTP server on 127.0.0.1:\(port) failed") }
    loop.watch(sg_http_descriptor(daemon)) { [weak self] in self?.serve() }
  }

  deinit {
    guard let daemon else { return }
    loop.unwatch(sg_http_descriptor(daemon))
    // The library cannot stop while a connection is suspended.
    for exchange in waiting.values { exchange.resume() }
    MHD_stop_daemon(daemon)
  }

  private func serve() {
    guard let daemon else { return }
    MHD_run(daemon)
  }

  /// Asks for the answer to a request that was read to its end, and lets its connection sleep until there is one.
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
