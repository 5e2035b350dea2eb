import Glibc
import Synchronization

/// An HTTP server on 127.0.0.1 whose behaviour, good or bad, depends on the first part of a request's path. One thread per connection.
package final class RudeServer: Sendable {
  package struct Request: Sendable {
    package var path: String
    /// The request's head as received.
    package var head: String
    /// Number of the connection.
    package var connection: Int
  }

  fileprivate struct Answer {
    var status: String
    var body: [UInt8]
    /// Further header lines; with an `ETag`, a matching `If-None-Match` gets status 304.
    var headers: [String]
  }

  fileprivate struct State {
    var requests: [Request] = []
    var answers: [String: Answer] = [:]
    var connections = 0
  }

  package let port: UInt16
  private let listener: Int32
  fileprivate let state = Mutex(State())

  /// Listens on a free port, or on a Unix socket at `path`.
  package init(unix path: String? = nil) throws {
    listener = socket(path == nil ? AF_INET : AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    let isBound = path.map { [listener] in Self.bind(listener, to: $0) } ?? Self.bindLoopback(listener)
    guard isBound, listen(listener, 512) == 0 else { throw TestFailure("no server can be started") }
    port = path == nil ? Self.port(of: listener) : 0
    var thread = pthread_t()
    let retained = Unmanaged.passRetained(Acceptor(listener: listener, server: self))
    guard pthread_create(&thread, nil, runAcceptor, retained.toOpaque()) == 0 else {
      retained.release()
      throw TestFailure("no thread for a server")
    }
    pthread_detach(thread)
  }

  deinit {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }

  package func url(_ path: String) -> String { "http://127.0.0.1:\(port)\(path)" }

  /// Sets the response for `path`.
  package func answer(_ path: String, _ body: String, status: String = "200 OK", headers: [String] = []) {
    answer(path, bytes: Array(body.utf8), status: status, headers: headers)
  }

  package func answer(_ path: String, bytes: [UInt8], status: String = "200 OK", headers: [String] = []) {
    state.withLock { $0.answers[path] = Answer(status: status, body: bytes, headers: headers) }
  }

  /// Removes the response; `path` behaves according to its name again.
  package func forget(_ path: String) { state.withLock { $0.answers[path] = nil } }

  package var requests: [Request] { state.withLock { $0.requests } }

  private static func bindLoopback(_ descriptor: Int32) -> Bool {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
    return withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }

  private static func bind(_ descriptor: Int32, to path: String) -> Bool {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { bytes in
      for (place, byte) in path.utf8.prefix(bytes.count - 1).enumerated() { bytes[place] = byte }
    }
    return withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
      }
    }
  }

  private static func port(of descriptor: Int32) -> UInt16 {
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    _ = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
    }
    return UInt16(bigEndian: address.sin_port)
  }
}

/// Accepts connections until the server is deinitialized.
private final class Acceptor {
  private let listener: Int32
  private weak var server: RudeServer?

  init(listener: Int32, server: RudeServer) {
    self.listener = listener
    self.server = server
  }

  func run() {
    while true {
      let descriptor = accept(listener, nil, nil)
      if descriptor < 0, errno == EINTR || errno == ECONNABORTED { continue }
      guard descriptor >= 0 else { return }
      guard let server else {
        close(descriptor)
        return
      }
      let number = server.state.withLock { state in
        state.connections += 1
        return state.connections
      }
      start(RudeConnection(descriptor, number: number, server: server))
    }
  }

  private func start(_ connection: RudeConnection) {
    var thread = pthread_t()
    let retained = Unmanaged.passRetained(connection)
    guard pthread_create(&thread, nil, runConnection, retained.toOpaque()) == 0 else { return retained.release() }
    pthread_detach(thread)
  }
}

extension RudeServer {
  fileprivate func note(_ request: Request) -> Answer? {
    state.withLock { state in
      state.requests.append(request)
      return state.answers[request.path]
    }
  }
}

/// One connection of a `RudeServer`.
private final class RudeConnection {
  private let descriptor: Int32
  private let number: Int
  private weak var server: RudeServer?

  init(_ descriptor: Int32, number: Int, server: RudeServer) {
    self.descriptor = descriptor
    self.number = number
    self.server = server
  }

  deinit {
    close(descriptor)
  }

  func run() {
    while let head = readHead() {
      let path = head.split(separator: " ").dropFirst().first.map(String.init) ?? ""
      let request = RudeServer.Request(path: path, head: head, connection: number)
      guard let server else { return }
      let answer = server.note(request)
      guard answer.map({ send($0, knowing: head) }) ?? behave(path) else { return }
    }
  }

  /// Returns false when the connection is closed.
  private func behave(_ path: String) -> Bool {
    switch path.split(separator: "/").first.map({ "/\($0)" }) ?? path {
    case "/hang": waitForEnd()
    case "/drip": drip()
    case "/reset":
      var linger = linger(l_onoff: 1, l_linger: 0)
      setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
    case "/close": break
    case "/lie": _ = write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nshort")
    case "/nonsense": _ = write("I do not speak HTTP\r\n\r\n")
    case "/loop": return write("HTTP/1.1 302 Found\r\nLocation: /loop\r\nContent-Length: 0\r\n\r\n")
    case "/flood": flood()
    case "/trailer": return write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nChecksum: 0\r\n\r\n")
    case "/interim": return write("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n")
    case "/interrupted": _ = write("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n")
    default: return send("404 Not Found", [])
    }
    return false
  }

  private func send(_ answer: RudeServer.Answer, knowing head: String) -> Bool {
    let tags = answer.headers.filter { $0.hasPrefix("ETag: ") }.map { $0.dropFirst(6) }
    if tags.contains(where: { head.contains("If-None-Match: \($0)\r\n") }) {
      return write("HTTP/1.1 304 Not Modified\r\n\r\n")
    }
    return send(answer.status, answer.body, answer.headers)
  }

  private func send(_ status: String, _ body: [UInt8], _ headers: [String] = []) -> Bool {
    let lines = headers.map { "\($0)\r\n" }.joined()
    return write(Array("HTTP/1.1 \(status)\r\n\(lines)Content-Length: \(body.count)\r\n\r\n".utf8) + body)
  }

  private func waitForEnd() {
    var byte: UInt8 = 0
    while read(descriptor, &byte, 1) > 0 {}
  }

  /// Sends a byte of the body every 20 ms.
  private func drip() {
    guard write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n") else { return }
    while write("x") { usleep(20_000) }
  }

  private func flood() {
    guard write("HTTP/1.1 200 OK\r\nContent-Length: \(100 << 20)\r\n\r\n") else { return }
    let chunk = String(repeating: "x", count: 1 << 16)
    for _ in 0..<1600 { guard write(chunk) else { return } }
  }

  private func readHead() -> String? {
    var bytes: [UInt8] = []
    var byte: UInt8 = 0
    while bytes.suffix(4) != [13, 10, 13, 10] {
      guard bytes.count < 65_536, read(descriptor, &byte, 1) == 1 else { return nil }
      bytes.append(byte)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func write(_ text: String) -> Bool { write(Array(text.utf8)) }

  private func write(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }
}

private func runAcceptor(_ pointer: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  if let pointer { Unmanaged<Acceptor>.fromOpaque(pointer).takeRetainedValue().run() }
  return nil
}

private func runConnection(_ pointer: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  if let pointer { Unmanaged<RudeConnection>.fromOpaque(pointer).takeRetainedValue().run() }
  return nil
}
