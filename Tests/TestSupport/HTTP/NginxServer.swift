import Glibc

/// A real nginx for one test, as a single process that ends with the test.
package final class NginxServer: Sendable {
  /// Contains its configuration and all its files.
  package let directory: TemporaryDirectory
  package let port: UInt16
  private let server: Server

  /// Starts it with the server blocks that `servers` returns for a free port, and waits until it listens there.
  package static func start(
    in directory: TemporaryDirectory, _ servers: (_ port: UInt16) -> String
  ) async throws -> NginxServer {
    for _ in 0..<5 {
      let port = try LoopbackPort.free()
      let nginx = try NginxServer(directory, port, servers(port))
      let isUp = await waitUntil { !nginx.server.isRunning || LoopbackPort.accepts(port) }
      if isUp, nginx.server.isRunning { return nginx }
    }
    throw TestFailure("nginx does not listen")
  }

  private init(_ directory: TemporaryDirectory, _ port: UInt16, _ servers: String) throws {
    (self.directory, self.port) = (directory, port)
    let path = directory.path
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map { "\($0)_temp_path \(path)/\($0);" }
    try directory.write(
      """
      daemon off;
      master_process off;
      pid \(path)/pid;
      error_log \(path)/error.log;
      events { worker_connections 512; }
      http {
        access_log off;
        default_type application/json;
        \(temporary.joined(separator: "\n  "))
        \(servers)
      }
      """, to: "nginx.conf")
    // Debian installs it outside of a normal user's PATH.
    server = try Server(["/usr/sbin/nginx", "-p", path, "-c", "\(path)/nginx.conf"])
  }

  deinit { server.end() }
}
