import Glibc

/// A `noida-db` of a test's own: an independent server that speaks Kafka's protocol, on loopback, its data in memory.
package final class NoidaServer {
  package let port: UInt16
  private let directory: TemporaryDirectory
  private var server: Server

  /// Starts the server and waits until it accepts connections.
  package init() throws {
    let program = try Self.program
    directory = try TemporaryDirectory()
    // Another program may take a free port before the server does.
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

  /// The server drops its connections and is gone; its data stays.
  package func stop() { server.end(gently: true) }

  /// It takes connections and answers nothing, until it goes on.
  package func suspend() { server.suspend() }
  package func resume() { server.resume() }

  /// Starts it again on the same port with the data that it had.
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

  /// `$SAGATOP_NOIDA`, else `.cache/noida-db` in the package.
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
