import Glibc

/// TCP sockets on 127.0.0.1.
enum LoopbackSocket {
  /// A listening socket and its port.
  struct Listener {
    let descriptor: Descriptor
    let port: UInt16
  }

  /// Listens on `port`, or on a free one when it is 0.
  static func listen(port: UInt16) throws(SystemFailure) -> Listener {
    try listen(count: 1, from: port == 0 ? nil : port)[0]
  }

  /// Listens on `count` consecutive ports: from `first`, or on any free ports if it is `nil`.
  static func listen(count: Int, from first: UInt16?) throws(SystemFailure) -> [Listener] {
    if let first { return try listenEach(count: count, from: first) }
    var last = SystemFailure("no \(count) consecutive ports are free on 127.0.0.1")
    for _ in 0..<200 {
      do throws(SystemFailure) { return try listenEach(count: count, from: .random(in: servers)) } catch {
        last = error
      }
    }
    throw last
  }

  /// Ports below the ephemeral range (ip(7), ip_local_port_range). A closed outgoing connection blocks its port for a minute, so a busy
  /// machine has no long row of free ports in that range. The tests give their servers ports below 21,000.
  private static let servers: ClosedRange<UInt16> = 21_000...32_000

  private static func listenEach(count: Int, from first: UInt16) throws(SystemFailure) -> [Listener] {
    var listeners: [Listener] = []
    for offset in 0..<count {
      guard let port = UInt16(exactly: Int(first) + offset) else {
        throw SystemFailure("port \(first) leaves no room for \(count) consecutive ports")
      }
      listeners.append(try listenOn(port))
    }
    return listeners
  }

  private static func listenOn(_ port: UInt16) throws(SystemFailure) -> Listener {
    let descriptor = try open(for: "listening on 127.0.0.1:\(port)")
    var yes: Int32 = 1
    setsockopt(descriptor.number, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout.size(ofValue: yes)))
    guard withAddress(port, { bind(descriptor.number, $0, $1) }) == 0, Glibc.listen(descriptor.number, 64) == 0 else {
      throw .last("listening on 127.0.0.1:\(port)")
    }
    return Listener(descriptor: descriptor, port: port)
  }

  /// A port that is not in use at the moment.
  static func freePort() throws(SystemFailure) -> UInt16 { try listen(port: 0).port }

  /// Whether a connection to `port` is accepted.
  static func accepts(port: UInt16) -> Bool { (try? connect(port: port)) != nil }

  static func connect(port: UInt16) throws(SystemFailure) -> Descriptor {
    let descriptor = try open(for: "connecting to 127.0.0.1:\(port)")
    guard withAddress(port, { Glibc.connect(descriptor.number, $0, $1) }) == 0 else {
      throw .last("connecting to 127.0.0.1:\(port)")
    }
    return descriptor
  }

  private static func open(for action: String) throws(SystemFailure) -> Descriptor {
    let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard number >= 0 else { throw .last(action) }
    return Descriptor(number)
  }

  private static func withAddress(_ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
    let length = socklen_t(MemoryLayout.size(ofValue: address))
    return withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
    }
  }
}
