import CHiredis
import Core
import Glibc

/// One connection, which belongs to one thread. It never waits longer than it is told to, and not at all once the program is ending.
final class RedisConnection {
  /// More than any answer to what is asked here: a server that sends more is not read on.
  private static let mostBytes = 32 << 20

  /// Another connection that is served while this one waits.
  struct Companion {
    var descriptor: Int32
    /// False when there is nothing to be served any more.
    var serve: () -> Bool
  }

  /// For `StopSignal.wait`.
  static let readable = Int32(POLLIN)

  private let context: UnsafeMutablePointer<redisContext>
  private let stop: StopSignal
  private let timeout: Duration
  var companion: Companion?

  /// Connects. Resolving a name may take as long as the system's resolver does.
  init(_ place: RedisAddress.Place, timeout: Duration, stop: StopSignal) throws(RedisError) {
    let made: UnsafeMutablePointer<redisContext>? =
      switch place {
      case .host(let host, let port): redisConnectNonBlock(host, Int32(clamping: port))
      case .socket(let path): redisConnectUnixNonBlock(path)
      }
    guard let made else { throw .unreachable("no memory for a connection") }
    (context, self.stop, self.timeout) = (made, stop, timeout)
    guard made.pointee.err == 0 else { throw .unreachable(Self.message(made)) }
    if case .host = place { redisEnableKeepAlive(made) }
    try awaitConnection()
  }

  deinit { redisFree(context) }

  static var version: String { "\(HIREDIS_MAJOR).\(HIREDIS_MINOR).\(HIREDIS_PATCH)" }

  var descriptor: Int32 { context.pointee.fd }

  private func awaitConnection() throws(RedisError) {
    let end = ContinuousClock.now + timeout
    while true {
      if try wait(for: POLLOUT, until: end) { break }
    }
    var reason: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &reason, &length)
    if reason != 0 { throw .unreachable(Self.text(of: reason)) }
  }

  /// Sends the commands together and waits for all answers, each of which may be an error of its own.
  func send(_ pipeline: RedisPipeline) throws(RedisError) -> [RedisReply] {
    try write(pipeline)
    var replies: [RedisReply] = []
    replies.reserveCapacity(pipeline.count)
    var end = ContinuousClock.now + timeout
    while replies.count < pipeline.count {
      if let reply = try nextReply() {
        replies.append(reply)
      } else if try wait(for: POLLIN, until: end) {
        try read()
        end = ContinuousClock.now + timeout
      }
    }
    return replies
  }

  /// One command, whose refusal is an error here.
  func send(_ name: String, _ words: [String] = []) throws(RedisError) -> RedisReply {
    var pipeline = RedisPipeline()
    pipeline.add(name, words: words)
    let reply = try send(pipeline).first ?? .null
    if case .error(let text) = reply { throw .refused(text) }
    return reply
  }

  /// Sends without waiting for an answer.
  func write(_ pipeline: RedisPipeline) throws(RedisError) {
    let isTaken = pipeline.bytes.withUnsafeBytes {
      redisAppendFormattedCommand(context, $0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count)
    }
    guard isTaken == REDIS_OK else { throw failure }
    let end = ContinuousClock.now + timeout
    var isDone: Int32 = 0
    while true {
      guard redisBufferWrite(context, &isDone) == REDIS_OK else { throw failure }
      if isDone != 0 { return }
      // A server may want its answers to be taken before it reads on.
      if try wait(for: POLLIN | POLLOUT, until: end, orReadable: true) { try read() }
    }
  }

  /// The answers and messages that are already here.
  func received() throws(RedisError) -> [RedisReply] {
    try read()
    var replies: [RedisReply] = []
    while let reply = try nextReply() { replies.append(reply) }
    return replies
  }

  private func nextReply() throws(RedisError) -> RedisReply? {
    var reply: UnsafeMutableRawPointer?
    guard redisGetReplyFromReader(context, &reply) == REDIS_OK else { throw failure }
    return reply.map { RedisReply(taking: $0) }
  }

  private func read() throws(RedisError) {
    guard redisBufferRead(context) == REDIS_OK else { throw failure }
    if let reader = context.pointee.reader, reader.pointee.len > Self.mostBytes { throw .tooLarge }
  }

  /// Whether it is ready; false when only the companion was.
  private func wait(
    for events: Int32, until end: ContinuousClock.Instant, orReadable: Bool = false
  ) throws(RedisError) -> Bool {
    let rest = end - ContinuousClock.now
    guard rest > .zero else { throw .slow(timeout) }
    let ready = stop.wait(
      [(descriptor, events)] + (companion.map { [($0.descriptor, POLLIN)] } ?? []), atMost: rest)
    if stop.isStopped { throw .stopped }
    if let served = companion, ready.count > 1, ready[1] != 0, !served.serve() { companion = nil }
    return orReadable ? ready[0] & ~POLLOUT != 0 : ready[0] != 0
  }

  private var failure: RedisError { .unreachable(Self.message(context)) }

  private static func message(_ context: UnsafeMutablePointer<redisContext>) -> String {
    let text = withUnsafePointer(to: &context.pointee.errstr) {
      $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: context.pointee.errstr)) {
        String(cString: $0)
      }
    }
    return text.isEmpty ? "the connection failed" : text.prefix(1).lowercased() + text.dropFirst()
  }

  private static func text(of reason: Int32) -> String {
    let text = String(cString: strerror(reason))
    return text.prefix(1).lowercased() + text.dropFirst()
  }
}
