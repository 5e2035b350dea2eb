import CHiredis
import Core
import Glibc

/// A connection for one command. Belongs to one thread, and blocks it.
final class RedisCall {
  struct Failure: Error {
    var message: String
  }

  enum Reply {
    case number(Int64)
    case error(String)
    case other
  }

  private let context: UnsafeMutablePointer<redisContext>
  /// A server that answers byte by byte has no more time than one that is silent.
  private let end: ContinuousClock.Instant

  /// Connects, authenticates and chooses the database; `timeout` is for all of that and the command.
  static func connect(_ address: RedisAddress, timeout: Duration) -> Result<RedisCall, Failure> {
    if address.isTLS { return .failure(Failure(message: "this hiredis has no TLS")) }
    let end = ContinuousClock.now + timeout
    let limit = Self.limit(timeout)
    let made: UnsafeMutablePointer<redisContext>? =
      switch address.place {
      case .host(let host, let port): redisConnectWithTimeout(host, Int32(clamping: port), limit)
      case .socket(let path): redisConnectUnixWithTimeout(path, limit)
      }
    guard let made else { return .failure(Failure(message: "no memory for a connection")) }
    let call = RedisCall(made, until: end)
    guard made.pointee.err == 0 else { return .failure(Failure(message: call.complaint)) }
    return call.enter(address).map { call }
  }

  private init(_ context: UnsafeMutablePointer<redisContext>, until end: ContinuousClock.Instant) {
    self.context = context
    self.end = end
  }

  private static func limit(_ time: Duration) -> timeval {
    let microseconds = max(1, time.nanosecondsClamped / 1000)
    return timeval(tv_sec: Int(microseconds / 1_000_000), tv_usec: Int(microseconds % 1_000_000))
  }

  deinit { redisFree(context) }

  private func enter(_ address: RedisAddress) -> Result<Void, Failure> {
    var commands: [[String]] = []
    if let password = address.password { commands.append(["AUTH"] + [address.user, password].compactMap { $0 }) }
    if address.database != 0 { commands.append(["SELECT", String(address.database)]) }
    for command in commands {
      switch run(command) {
      case .failure(let failure): return .failure(failure)
      case .success(.error(let text)): return .failure(Failure(message: text))
      case .success: continue
      }
    }
    return .success(())
  }

  func run(_ words: [String]) -> Result<Reply, Failure> {
    guard let raw = send(words) else { return .failure(Failure(message: complaint)) }
    defer { freeReplyObject(raw) }
    let reply = raw.assumingMemoryBound(to: redisReply.self).pointee
    switch reply.type {
    case REDIS_REPLY_INTEGER: return .success(.number(reply.integer))
    case REDIS_REPLY_ERROR: return .success(.error(reply.str.map { String(cString: $0) } ?? ""))
    default: return .success(.other)
    }
  }

  /// A word is all of its bytes: a key may hold a zero.
  private func send(_ words: [String]) -> UnsafeMutableRawPointer? {
    var lengths = words.map(\.utf8.count)
    let bytes: [CChar] = Array(words.joined().utf8).map { CChar(bitPattern: $0) } + [0]
    let isTaken = bytes.withUnsafeBufferPointer { buffer in
      var start = 0
      var pointers: [UnsafePointer<CChar>?] = lengths.map { length in
        defer { start += length }
        return buffer.baseAddress.map { $0 + start }
      }
      return redisAppendCommandArgv(context, Int32(clamping: words.count), &pointers, &lengths)
    }
    return isTaken == REDIS_OK ? answer() : nil
  }

  private func answer() -> UnsafeMutableRawPointer? {
    var isWritten: Int32 = 0
    while isWritten == 0 { guard hasTime, redisBufferWrite(context, &isWritten) == REDIS_OK else { return nil } }
    while true {
      var reply: UnsafeMutableRawPointer?
      guard redisGetReplyFromReader(context, &reply) == REDIS_OK else { return nil }
      if let reply { return reply }
      guard hasTime, redisBufferRead(context) == REDIS_OK else { return nil }
    }
  }

  /// What is left of the time is the limit of the next call; false when nothing is.
  private var hasTime: Bool {
    let rest = end - ContinuousClock.now
    guard rest > .zero else { return false }
    redisSetTimeout(context, Self.limit(rest))
    return true
  }

  private var complaint: String {
    guard context.pointee.err != 0 else { return "no answer in time" }
    return withUnsafePointer(to: &context.pointee.errstr) {
      $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: $0.pointee)) { String(cString: $0) }
    }
  }
}
