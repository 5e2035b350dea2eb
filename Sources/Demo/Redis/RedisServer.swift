import Glibc

/// A `redis-server` process of the demo: loopback only, in memory only, in a private directory.
final class RedisServer {
  let port: UInt16
  let child: ChildProcess
  private let directory: TemporaryDirectory

  /// Starts the server and waits until it responds. `nil` chooses a free port.
  init(port fixed: UInt16?) throws {
    directory = try TemporaryDirectory(in: TemporaryDirectory.standardParent)
    var last = SystemFailure("redis-server does not answer")
    // Another program may take a free port before Redis does.
    for _ in 0..<(fixed == nil ? 5 : 1) {
      let port = try fixed ?? LoopbackSocket.freePort()
      let child = try Self.start(port: port, directory: directory.path)
      if Self.answers(child, port: port) {
        (self.port, self.child) = (port, child)
        return
      }
      child.end(signal: SIGKILL, patience: 100)
      last = SystemFailure("redis-server does not answer on 127.0.0.1:\(port); is the port taken?")
    }
    throw last
  }

  func end() {
    child.end(signal: SIGKILL, patience: 100)
    directory.remove()
  }

  private static func start(port: UInt16, directory: String) throws -> ChildProcess {
    let words = [
      "redis-server", "--port", "\(port)", "--bind", "127.0.0.1", "--dir", directory, "--save", "",
      "--appendonly", "no", "--daemonize", "no", "--loglevel", "warning",
    ]
    // Debian's redis-tools package contains the server under another name, without a system service: the program chooses its role by its
    // first argument.
    for program in ["redis-server", "redis-check-rdb"] {
      if let child = try? ChildProcess(words, program: program, environment: CStrings.environment(), place: .background)
      {
        return child
      }
    }
    throw SystemFailure("there is no redis-server: install Debian's package redis-tools, which starts no service")
  }

  /// Waits until Redis responds with the process id of the child, so that another server on this port is not accepted.
  private static func answers(_ child: ChildProcess, port: UInt16) -> Bool {
    let connection = RedisConnection(port: port)
    for _ in 0..<600 {
      if case .text(let info)? = try? connection.send(["INFO", "server"]) {
        return info.contains("process_id:\(child.pid)\r\n")
      }
      if waitpid(child.pid, nil, WNOHANG) != 0 { return false }
      usleep(5000)
    }
    return false
  }
}
