import Glibc

/// A `noida-db` of the shop's own: an independent server that speaks Kafka's protocol, on loopback, its data in
/// memory.
final class NoidaServer {
  let port: UInt16
  let child: ChildProcess
  private let directory: TemporaryDirectory

  /// Starts the server and waits until it accepts connections.
  init(program: String) throws {
    let hasMemory = access("/dev/shm", W_OK) == 0
    directory = try TemporaryDirectory(in: hasMemory ? "/dev/shm" : TemporaryDirectory.standardParent)
    // Another program may take a free port before the server does.
    for _ in 0..<5 {
      let port = try LoopbackSocket.freePort()
      let child = try ChildProcess(
        [
          program, "start", "--only", "kafka", "--host", "127.0.0.1", "--kafka-port", "\(port)", "--data-dir",
          directory.path,
        ], environment: CStrings.environment(), place: .background)
      if child.listens(on: port) {
        (self.port, self.child) = (port, child)
        return
      }
      child.end(signal: SIGKILL, patience: 100)
    }
    throw SystemFailure("\(program) does not start")
  }

  func end() {
    child.end(signal: SIGKILL, patience: 100)
    directory.remove()
  }

  /// The program: `$SAGATOP_NOIDA`, else `.cache/noida-db` in the working directory or in one above the executable.
  static func find() -> String? {
    if let given = getenv("SAGATOP_NOIDA").map({ String(cString: $0) }), !given.isEmpty { return given }
    return (["."] + directoriesAboveExecutable()).map { $0 + "/.cache/noida-db" }.first { access($0, X_OK) == 0 }
  }

  private static func directoriesAboveExecutable() -> [String] {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let length = readlink("/proc/self/exe", &buffer, buffer.count)
    guard length > 0 else { return [] }
    var path = String(decoding: buffer.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self)[...]
    var result: [String] = []
    while let slash = path.lastIndex(of: "/"), slash != path.startIndex {
      path = path[..<slash]
      result.append(String(path))
    }
    return result
  }
}
