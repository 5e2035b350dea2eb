import Glibc

/// A `noida-db` process for one test: an independent server with Kafka's protocol, on loopback, with data in memory.
package final class NoidaServer {
  package let port: UInt16
  private let directory: TemporaryDirectory
  private var server: Server

  /// Starts the server and waits until it accepts connections.
  package init() throws {
    let program = try Self.program
    directory = try TemporaryDirectory()
    // Another program may use the free port before the server does.
    for _ in 0..<5 {
      let port = try LoopbackPort.free()
      let server = try Self.start(program, port: port, in: directory)
      if blockUntil(.seconds(10), { !server.isRunning || LoopbackPort.accepts(port) }), server.isRunning {
        (self.port, self.server) = (port, server)
        return
      }
    }
    throw TestFailure("\(program) does not come up")
  }

  /// For `bootstrap.servers`.
  package var brokers: String { "127.0.0.1:\(port)" }

  /// The server closes its connections and exits; its data remains.
  package func stop() { server.end(gently: true) }

  /// It accepts connections but does not respond until `resume`.
  package func suspend() { server.suspend() }
  package func resume() { server.resume() }

  /// Starts it again on the same port with the same data.
  package func restart() throws {
    server.end()
    server = try Self.start(try Self.program, port: port, in: directory)
    guard blockUntil(.seconds(10), { LoopbackPort.accepts(port) }) else {
      throw TestFailure("noida-db does not come back")
    }
  }

  private static func start(_ program: String, port: UInt16, in directory: TemporaryDirectory) throws -> Server {
    try Server([
      program, "start", "--only", "kafka", "--host", "127.0.0.1", "--kafka-port", "\(port)", "--data-dir",
      directory.path,
    ])
  }

  /// `$SAGATOP_NOIDA`, otherwise `.cache/noida-db` in the package.
  private static var program: String {
    get throws {
      if let given = getenv("SAGATOP_NOIDA").map({ String(cString: $0) }), !given.isEmpty { return given }
      let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
      let path = "/\(root)/.cache/noida-db"
      guard access(path, X_OK) == 0 else {
        throw TestFailure("\(path) is missing: scripts/fetch-noida fetches it, or SAGATOP_NOIDA names another")
      }
      return path
    }
  }
}
