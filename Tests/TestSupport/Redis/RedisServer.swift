import Glibc

/// A real `redis-server` for one test, with its own port and directory, in memory only.
package final class RedisServer: Sendable {
  package let port: UInt16
  private let directory: TemporaryDirectory
  private let server: Server

  /// Starts it and waits until it responds. Tries another port if the chosen one is used by another program in the meantime.
  package static func start(_ options: [String] = []) async throws -> RedisServer {
    for _ in 0..<5 {
      let server = try RedisServer(port: LoopbackPort.free(), options)
      if await server.answers() { return server }
    }
    throw TestFailure("redis-server does not answer")
  }

  /// The same on a known port, such as for a restart.
  package static func start(port: UInt16, _ options: [String] = []) async throws -> RedisServer {
    let server = try RedisServer(port: port, options)
    guard await server.answers() else { throw TestFailure("redis-server does not answer on port \(port)") }
    return server
  }

  private init(port: UInt16, _ options: [String]) throws {
    self.port = port
    directory = try TemporaryDirectory()
    server = try Server(
      [
        "redis-server", "--port", "\(port)", "--bind", "127.0.0.1", "--dir", directory.path, "--save", "",
        "--appendonly", "no", "--daemonize", "no", "--enable-debug-command", "yes", "--unixsocket",
        "\(directory.path)/socket",
      ] + options)
  }

  deinit { end() }

  package var url: String { "redis://127.0.0.1:\(port)" }
  package var socket: String { "\(directory.path)/socket" }

  package func end() { server.end() }

  private func answers() async -> Bool {
    await waitUntil { !server.isRunning || LoopbackPort.accepts(port) } && server.isRunning
  }

  package func client() throws -> RedisTestClient { try RedisTestClient(port: port) }
}
