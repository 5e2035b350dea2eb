import Glibc
import Synchronization

/// A proxy for a Kafka server on 127.0.0.1 that delays every response. The server's own address in responses is replaced by the proxy's,
/// so that clients stay on the proxy, or by `advertised`, which may have no listener. Only latency is added, not bandwidth limits:
/// responses overlap.
package final class DelayingProxy: Sendable {
  package let port: UInt16
  private let listener: Int32
  private let isEnding = Atomic(false)
  private let requests: Requests

  /// A request at which the server seems to die: the proxy closes all connections and accepts no more.
  package struct Death: Sendable {
    /// Kafka API key: 1 is Fetch, 2 is ListOffsets.
    var api: Int16
    /// The number of the request, from 1.
    var count: Int

    package init(api: Int16, count: Int = 1) { (self.api, self.count) = (api, count) }
  }

  /// Returns a changed response for a request and its response, both with length prefixes.
  package typealias Rewrite = @Sendable (_ request: [UInt8], _ answer: [UInt8]) -> [UInt8]

  /// `delay` is added to each round trip.
  package init(
    to server: UInt16, delay: Duration = .zero, advertised: UInt16? = nil, death: Death? = nil,
    rewrite: @escaping Rewrite = { $1 }
  ) throws {
    (listener, port) = try LoopbackPort.listen()
    requests = Requests(death, listener)
    let requests = requests
    let (listener, shown) = (listener, advertised ?? port)
    try Self.spawn { [weak self] in
      while self?.isEnding.load(ordering: .relaxed) == false {
        let client = accept(listener, nil, nil)
        guard client >= 0, let upstream = LoopbackPort.connected(to: server) else {
          if client < 0, errno != EINTR { return }
          continue
        }
        Self.join(client, upstream, delay: delay, from: server, to: shown, requests, rewrite)
      }
    }
  }

  deinit {
    isEnding.store(true, ordering: .relaxed)
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }

  /// For `bootstrap.servers`.
  package var brokers: String { "127.0.0.1:\(port)" }

  private static func join(
    _ client: Int32, _ upstream: Int32, delay: Duration, from: UInt16, to: UInt16, _ life: Requests,
    _ rewrite: @escaping Rewrite
  ) {
    let requests = OpenRequests()
    var on: Int32 = 1
    for descriptor in [client, upstream] {
      setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }
    let answers = DelayedAnswers()
    try? spawn {
      life.open(client)
      while let request = KafkaFrame.read(from: client), life.pass(request) {
        requests.put(request)
        guard write(request[...], to: upstream) else { break }
      }
      shutdown(upstream, Int32(SHUT_RDWR))
    }
    try? spawn {
      while let frame = KafkaFrame.read(from: upstream) {
        let answer = requests.take(for: frame).map { rewrite($0, frame) } ?? frame
        answers.put(KafkaFrame.moved(answer, from: from, to: to), due: .now + delay)
      }
      answers.put(nil, due: .now)
    }
    try? spawn {
      while let frame = answers.take(), write(frame[...], to: client) {}
      for descriptor in [client, upstream] { shutdown(descriptor, Int32(SHUT_RDWR)) }
      // The two other threads hold the descriptors until they notice the shutdown.
    }
  }

  fileprivate static func write(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) -> Bool {
    var rest = bytes
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  private final class Work {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  private static func spawn(_ body: @escaping @Sendable () -> Void) throws {
    var thread = pthread_t()
    let work = Unmanaged.passRetained(Work(body))
    guard pthread_create(&thread, nil, runProxy, work.toOpaque()) == 0 else {
      work.release()
      throw TestFailure("no thread for the proxy")
    }
    pthread_detach(thread)
  }

  fileprivate static func run(_ pointer: UnsafeMutableRawPointer) {
    Unmanaged<Work>.fromOpaque(pointer).takeRetainedValue().body()
  }
}

private func runProxy(_ pointer: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  if let pointer { DelayingProxy.run(pointer) }
  return nil
}

/// Counts requests up to the one at which the server seems to die.
private final class Requests: Sendable {
  private let death: DelayingProxy.Death?
  private let listener: Int32
  private let state = Mutex<(seen: Int, clients: [Int32])>((0, []))

  init(_ death: DelayingProxy.Death?, _ listener: Int32) { (self.death, self.listener) = (death, listener) }

  func open(_ client: Int32) { state.withLock { $0.clients.append(client) } }

  /// Returns false from that request on.
  func pass(_ frame: [UInt8]) -> Bool {
    guard let death else { return true }
    return state.withLock { state in
      if frame.count > 6, Int16(frame[4]) << 8 | Int16(frame[5]) == death.api { state.seen += 1 }
      guard state.seen >= death.count else { return true }
      for descriptor in [listener] + state.clients { shutdown(descriptor, Int32(SHUT_RDWR)) }
      state.clients = []
      return false
    }
  }
}

/// A queue of responses that wait until they are due.
private final class DelayedAnswers: Sendable {
  private let waiting = Mutex<[(frame: [UInt8]?, due: ContinuousClock.Instant)]>([])

  func put(_ frame: [UInt8]?, due: ContinuousClock.Instant) { waiting.withLock { $0.append((frame, due)) } }

  /// Blocks until the next response is due; `nil` at the end.
  func take() -> [UInt8]? {
    while true {
      if let (frame, due) = waiting.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) {
        let rest = ContinuousClock.now.duration(to: due)
        if rest > .zero { usleep(UInt32(rest / .microseconds(1))) }
        return frame
      }
      usleep(100)
    }
  }
}

/// Requests without a response yet, by correlation id.
private final class OpenRequests: Sendable {
  private let requests = Mutex<[[UInt8]: [UInt8]]>([:])

  func put(_ request: [UInt8]) {
    guard request.count >= 12 else { return }
    requests.withLock { $0[Array(request[8..<12])] = request }
  }

  func take(for answer: [UInt8]) -> [UInt8]? {
    guard answer.count >= 8 else { return nil }
    return requests.withLock { $0.removeValue(forKey: Array(answer[4..<8])) }
  }
}

/// One request or response of Kafka's protocol, with its length prefix.
enum KafkaFrame {
  static func read(from descriptor: Int32) -> [UInt8]? {
    guard let head = bytes(4, from: descriptor) else { return nil }
    let length = head.reduce(0) { $0 << 8 | Int($1) }
    return bytes(length, from: descriptor).map { head + $0 }
  }

  private static func bytes(_ count: Int, from descriptor: Int32) -> [UInt8]? {
    var result = [UInt8](repeating: 0, count: count)
    var place = 0
    while place < count {
      let got = result.withUnsafeMutableBytes {
        recv(descriptor, $0.baseAddress?.advanced(by: place), count - place, 0)
      }
      guard got > 0 else { return nil }
      place += got
    }
    return result
  }

  /// Replaces the port after every 127.0.0.1, which is four bytes in Kafka's responses.
  static func moved(_ frame: [UInt8], from: UInt16, to: UInt16) -> [UInt8] {
    let host = Array("127.0.0.1".utf8)
    let old = host + [0, 0, UInt8(from >> 8), UInt8(from & 255)]
    var result = frame
    var index = 0
    while index + old.count <= result.count {
      if result[index] == old[0], result[index..<index + old.count].elementsEqual(old) {
        result[index + old.count - 2] = UInt8(to >> 8)
        result[index + old.count - 1] = UInt8(to & 255)
        index += old.count
      } else {
        index += 1
      }
    }
    return result
  }
}
