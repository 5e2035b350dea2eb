import Glibc

/// TCP ports on 127.0.0.1.
package enum LoopbackPort {
  /// A port that nobody listens on at the moment. It is below those that the kernel gives to outgoing connections (ip(7),
  /// ip_local_port_range), so that none of these takes it before a server does.
  package static func free() throws -> UInt16 {
    for _ in 0..<200 {
      let port = UInt16.random(in: 10_000...32_000)
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
      defer { close(descriptor) }
      if withAddress(port, { bind(descriptor, $0, $1) }) == 0 { return port }
    }
    throw TestFailure("no free port on 127.0.0.1")
  }

  /// Whether something accepts connections there.
  package static func accepts(_ port: UInt16) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    defer { close(descriptor) }
    return withAddress(port) { connect(descriptor, $0, $1) } == 0
  }

  /// A socket that listens on a free port.
  package static func listen() throws -> (descriptor: Int32, port: UInt16) {
    // Between looking for a port and taking it somebody else may have it.
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

  /// A socket that is connected; `nil` where nobody listens.
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

/// Accepts connections on 127.0.0.1 and never says a word.
package final class SilentServer: Sendable {
  package let port: UInt16
  private let descriptor: Int32

  package init() throws {
    // The kernel takes connections up to the backlog by itself.
    (descriptor, port) = try LoopbackPort.listen()
  }

  deinit {
    close(descriptor)
  }
}
