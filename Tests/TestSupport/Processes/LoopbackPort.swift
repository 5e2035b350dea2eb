import Glibc

/// TCP ports on 127.0.0.1.
package enum LoopbackPort {
  /// Below the kernel's range for outgoing connections (ip(7), ip_local_port_range), and apart from the ports that the demo chooses.
  private static let range: ClosedRange<UInt16> = 10_000...20_999

  /// A port without a listener. Ports are given in turn, also to other test processes: a port that was given and is not in use yet is not
  /// given again soon.
  package static func free() throws -> UInt16 {
    let turn = try PortTurn()
    var port = turn.last
    for _ in range {
      port = port < range.upperBound && range.contains(port) ? port + 1 : range.lowerBound
      guard isFree(port) else { continue }
      try turn.keep(port)
      return port
    }
    throw TestFailure("no free port on 127.0.0.1")
  }

  private static func isFree(_ port: UInt16) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    defer { close(descriptor) }
    return withAddress(port, { bind(descriptor, $0, $1) }) == 0
  }

  /// Whether the port accepts connections.
  package static func accepts(_ port: UInt16) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    defer { close(descriptor) }
    return withAddress(port) { connect(descriptor, $0, $1) } == 0
  }

  /// A socket that listens on a free port.
  package static func listen() throws -> (descriptor: Int32, port: UInt16) {
    // Another program may use the free port before this one does.
    for _ in 0..<50 {
      let port = try free()
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
      if withAddress(port, { bind(descriptor, $0, $1) }) == 0, Glibc.listen(descriptor, 64) == 0 {
        return (descriptor, port)
      }
      close(descriptor)
    }
    throw TestFailure("nothing can listen on 127.0.0.1")
  }

  /// A connected socket; `nil` if nothing listens.
  static func connected(to port: UInt16) -> Int32? {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard withAddress(port, { connect(descriptor, $0, $1) }) == 0 else {
      close(descriptor)
      return nil
    }
    return descriptor
  }

  private static func withAddress(_ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
    return withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
  }
}

/// The port that was given last, in a file that the test processes of a user share. Only one process at a time holds it.
private final class PortTurn {
  private let descriptor: Int32

  init() throws {
    let path = "/tmp/sagatop-test-port.\(getuid())"
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0, flock(descriptor, LOCK_EX) == 0 else {
      throw TestFailure("\(path): \(String(cString: strerror(errno)))")
    }
  }

  deinit {
    close(descriptor)
  }

  /// 0 in a new file.
  var last: UInt16 {
    var port: UInt16 = 0
    return pread(descriptor, &port, 2, 0) == 2 ? port : 0
  }

  func keep(_ port: UInt16) throws {
    var port = port
    guard pwrite(descriptor, &port, 2, 0) == 2 else { throw TestFailure("the file of the last port takes no data") }
  }
}

/// Accepts connections on 127.0.0.1 and never responds.
package final class SilentServer: Sendable {
  package let port: UInt16
  private let descriptor: Int32

  package init() throws {
    // The kernel accepts connections up to the backlog.
    (descriptor, port) = try LoopbackPort.listen()
  }

  deinit {
    close(descriptor)
  }
}
