/// A real HAProxy for one test, as a single process that ends with the test.
package final class HAProxyServer: Sendable {
  package let port: UInt16
  private let server: Server

  /// Starts it as a proxy for the server at `backend`; `rules` are added to its frontend. Waits until it listens.
  package static func start(
    in directory: TemporaryDirectory, backend: UInt16, rules: String = ""
  ) async throws -> HAProxyServer {
    for _ in 0..<5 {
      let proxy = try HAProxyServer(directory, try LoopbackPort.free(), backend, rules)
      let isUp = await waitUntil { !proxy.server.isRunning || LoopbackPort.accepts(proxy.port) }
      if isUp, proxy.server.isRunning { return proxy }
    }
    throw TestFailure("haproxy does not listen")
  }

  private init(_ directory: TemporaryDirectory, _ port: UInt16, _ backend: UInt16, _ rules: String) throws {
    self.port = port
    try directory.write(
      """
      global
        expose-experimental-directives
      defaults
        mode http
        timeout connect 5s
        timeout client 30s
        timeout server 30s
      frontend front
        bind 127.0.0.1:\(port)
        \(rules)
        default_backend back
      backend back
        server only 127.0.0.1:\(backend)

      """, to: "haproxy.cfg")
    server = try Server(["/usr/sbin/haproxy", "-db", "-f", "\(directory.path)/haproxy.cfg"])
  }

  deinit { server.end() }
}
