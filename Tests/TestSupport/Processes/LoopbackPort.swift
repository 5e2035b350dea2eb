import Glibc

/// TCP ports on 127.0.0.1.
package enum LoopbackPort {
  /// A port without a listener. It is below the kernel's range for outgoing connections (ip(7), ip_local_port_range), so that no outgoing
  /// connection uses it before a server does.
  package static func free() throws -> UInt16 {
    for _ in 0..<200 {
      let port = UInt16.random(in: 10_000...32_000)
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
      defer { close(descriptor) }
      if withAddress(port, { bind(descriptor, $0, $1) }) == 0 { return port }
    }
    throw TestFailure("no free port on 127.0.0.1")
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
