import Glibc
import Synchronization
import TestSupport

/// A small HTTP server. The test decides the response to each request. Thread-safe.
final class ActionServer: Sendable {
  struct Request: Sendable {
    var method: String
    var path: String
    /// Names are in lower case.
    var headers: [String: String]
    var body: String

    var key: String { headers["idempotency-key"] ?? "" }
  }

  enum Reply: Sendable {
    case answer(Int, String)
    /// No response; waits until the client closes the connection.
    case hang
    /// Closes the connection without a response.
    case close
    /// Sends these bytes unchanged, then closes the connection or, with `hangs`, stays silent.
    case raw(String, hangs: Bool = false)
    /// Sends the first text, then the second one repeatedly until the client closes the connection.
    case endless(String, String)
  }

  fileprivate struct State {
    var requests: [Request] = []
    var young = 0
    var mostYoung = 0
  }

  let port: UInt16
  private let listener: Int32
  fileprivate let state = Mutex(State())
  fileprivate let reply: @Sendable (Request) -> Reply
  /// If set, every client gets this text at one byte per 20 ms instead of a response.
  fileprivate let drip: String?

  init(drip: String? = nil, _ reply: @escaping @Sendable (Request) -> Reply) throws {
    self.reply = reply
    self.drip = drip
    (listener, port) = try LoopbackPort.listen()
    try Self.run(Acceptor(listener: listener, server: self)) { ($0 as? Acceptor)?.run() }
  }

  /// The acceptor closes the descriptor. If it were closed here, its number could be reused while the acceptor still waits on it.
  deinit { shutdown(listener, Int32(SHUT_RDWR)) }

  var url: String { "http://127.0.0.1:\(port)" }

  /// In order of arrival.
  var requests: [Request] { state.withLock { $0.requests } }

  /// The maximum number of concurrent requests.
  var mostAtOnce: Int { state.withLock { $0.mostYoung } }

  fileprivate final class Work {
    let subject: AnyObject
    let body: (AnyObject) -> Void

    init(_ subject: AnyObject, _ body: @escaping (AnyObject) -> Void) {
      self.subject = subject
      self.body = body
    }
  }

  fileprivate static func run(_ subject: AnyObject, _ body: @escaping (AnyObject) -> Void) throws {
    var thread = pthread_t()
    let work = Unmanaged.passRetained(Work(subject, body))
    guard pthread_create(&thread, nil, runWork, work.toOpaque()) == 0 else {
      work.release()
      throw TestFailure("no thread for a server")
    }
    pthread_detach(thread)
  }

  fileprivate func note(_ request: Request) {
    state.withLock { state in
      state.requests.append(request)
      state.young += 1
      state.mostYoung = max(state.mostYoung, state.young)
    }
  }

  fileprivate func noteEnd() { state.withLock { $0.young -= 1 } }
}

private func runWork(_ pointer: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let pointer else { return nil }
  let work = Unmanaged<ActionServer.Work>.fromOpaque(pointer).takeRetainedValue()
  work.body(work.subject)
  return nil
}

/// Accepts connections until the server is deinitialized.
private final class Acceptor {
  private let listener: Int32
  private weak var server: ActionServer?

  init(listener: Int32, server: ActionServer) {
    self.listener = listener
    self.server = server
  }

  deinit { close(listener) }

  func run() {
    while true {
      let descriptor = accept(listener, nil, nil)
      if descriptor < 0, errno == EINTR || errno == ECONNABORTED { continue }
      guard descriptor >= 0 else { return }
      guard let server else {
        close(descriptor)
        return
      }
      try? ActionServer.run(Connection(descriptor, server)) { ($0 as? Connection)?.run() }
    }
  }
}

/// One connection with one request.
private final class Connection {
  private let descriptor: Int32
  private let server: ActionServer

  init(_ descriptor: Int32, _ server: ActionServer) {
    self.descriptor = descriptor
    self.server = server
  }

  deinit { close(descriptor) }

  func run() {
    if let drip = server.drip {
      for character in drip where write(String(character)) { usleep(20_000) }
      return
    }
    guard let request = readRequest() else { return }
    server.note(request)
    let reply = server.reply(request)
    // Before the client gets the response and sends the next request.
    server.noteEnd()
    switch reply {
    case .answer(let status, let body):
      write(
        "HTTP/1.1 \(status) Some Words\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)")
    case .hang: waitForEnd()
    case .close: break
    case .raw(let text, let hangs):
      write(text)
      if hangs { waitForEnd() }
    case .endless(let start, let more):
      var isTaken = write(start)
      while isTaken { isTaken = write(more) }
    }
  }

  private func waitForEnd() {
    var byte: UInt8 = 0
    while read(descriptor, &byte, 1) > 0 {}
  }

  private func readRequest() -> ActionServer.Request? {
    guard let head = take(until: { $0.suffix(4) == [13, 10, 13, 10] }) else { return nil }
    let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n")
    let words = lines.first?.split(separator: " ") ?? []
    guard words.count == 3 else { return nil }
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2 { headers[parts[0].lowercased()] = String(parts[1].drop { $0 == " " }) }
    }
    let length = Int(headers["content-length"] ?? "") ?? 0
    guard let body = length == 0 ? [] : take(until: { $0.count == length }) else { return nil }
    return .init(
      method: String(words[0]), path: String(words[1]), headers: headers, body: String(decoding: body, as: UTF8.self))
  }

  private func take(until isWhole: ([UInt8]) -> Bool) -> [UInt8]? {
    var bytes: [UInt8] = []
    var byte: UInt8 = 0
    while !isWhole(bytes) {
      guard bytes.count < 1 << 20, read(descriptor, &byte, 1) == 1 else { return nil }
      bytes.append(byte)
    }
    return bytes
  }

  /// Returns false if the client accepts no more data.
  @discardableResult
  private func write(_ text: String) -> Bool {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }
}
