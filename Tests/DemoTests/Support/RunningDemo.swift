import Glibc
import Testing

@testable import Demo

/// The demo program with noida-db and its ledger. A test starts and stops it.
final class RunningDemo {
  let pid: pid_t
  private let directory: TemporaryDirectory
  private var isEnded = false

  struct Line {
    let json: JSON
    var orderId: Int? { json["orderId"]?.integerValue }
    var event: String? { json["event"]?.stringValue }
    var error: String? { json["error"]?.stringValue }
    var isDuplicate: Bool { json["duplicate"] == .bool(true) }
  }

  init(_ arguments: [String]) throws {
    guard NoidaServer.find() != nil else {
      throw SystemFailure("these tests need noida-db: set SAGATOP_NOIDA or put it at .cache/noida-db")
    }
    directory = try TemporaryDirectory(in: TemporaryDirectory.standardParent)
    let words =
      [try Self.program(), "--broker", "noida", "--ledger", directory.path + "/ledger"] + arguments
    pid = try Self.spawn(words, output: directory.path + "/output")
    try wait("the system to open") { self.output.contains(" is open.\n") }
  }

  deinit {
    if !isEnded { _ = end(SIGTERM) }
  }

  /// Standard output and standard error so far.
  var output: String { Self.read(directory.path + "/output") }

  /// HOST:PORT of Kafka.
  var bootstrap: String { address(of: "kafka") }

  var redisPort: UInt16 { Self.port(in: address(of: "redis")) }

  /// Port of the HTTP server, if all services share one; otherwise 0.
  var httpPort: UInt16 { Self.port(in: address(of: "http")) }

  /// The address of a part, as the program prints it; empty if it has no such part.
  private func address(of part: String) -> String {
    let line = output.split(separator: "\n").first { $0.hasPrefix("  \(part)") }
    return line?.split(separator: " ").dropFirst().first.map(String.init) ?? ""
  }

  private static func port(in address: String) -> UInt16 {
    address.split(separator: ":").last.flatMap { UInt16($0) } ?? 0
  }

  var ledger: [Line] {
    Self.read(directory.path + "/ledger").split(separator: "\n").compactMap {
      JSONParser.parse(Array($0.utf8)).map(Line.init)
    }
  }

  /// Names of an order's events without duplicates.
  func events(of orderId: Int) -> [String] {
    ledger.filter { $0.orderId == orderId && !$0.isDuplicate }.compactMap(\.event)
  }

  /// Waits until `condition` holds; fails after a minute.
  func wait(_ what: String, until condition: () -> Bool) throws {
    let deadline = Clock.monotonic() + 60_000_000_000
    while !condition() {
      guard Clock.monotonic() < deadline, kill(pid, 0) == 0 else {
        throw SystemFailure("waited in vain for \(what); it says: \(output)")
      }
      usleep(20_000)
    }
  }

  /// Pids of the program's child processes.
  var children: [pid_t] {
    Self.read("/proc/\(pid)/task/\(pid)/children").split(separator: " ").compactMap { pid_t($0) }
  }

  /// Sends a signal and returns the exit code in the shell's notation: 128 + n for signal n.
  func end(_ signal: Int32) -> Int32 {
    isEnded = true
    kill(pid, signal)
    var status: Int32 = 0
    waitpid(pid, &status, 0)
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
  }

  /// Path of the program next to the test bundle.
  private static func program() throws -> String {
    let root = "/" + #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
    let bundles = CommandLine.arguments.filter { $0.hasSuffix(".xctest") || $0.contains(".xctest/") }
    let besideBundle = bundles.map { bundle in
      bundle.split(separator: "/", omittingEmptySubsequences: false).prefix { !$0.hasSuffix(".xctest") }
        .joined(separator: "/")
    }
    for directory in besideBundle + [root + "/.build/debug"] where access(directory + "/sagatop-demo", X_OK) == 0 {
      return directory + "/sagatop-demo"
    }
    throw SystemFailure("sagatop-demo is not built beside the tests")
  }

  private static func spawn(_ words: [String], output: String) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO)
    var pid: pid_t = 0
    let result = CStrings.with(words) { posix_spawn(&pid, words[0], &actions, nil, $0, environ) }
    guard result == 0 else { throw SystemFailure("starting \(words[0]): \(String(cString: strerror(result)))") }
    return pid
  }

  static func read(_ path: String) -> String {
    let file = Descriptor(open(path, O_RDONLY | O_CLOEXEC))
    guard file.number >= 0 else { return "" }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while case let count = Glibc.read(file.number, &buffer, buffer.count), count > 0 {
      bytes += buffer[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
