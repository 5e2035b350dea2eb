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

  /// Connects, authenticates and chooses the database.
  static func connect(_ address: RedisAddress, timeout: Duration) -> Result<RedisCall, Failure> {
    if address.isTLS { return .failure(Failure(message: "this hiredis has no TLS")) }
    let microseconds = max(1, timeout.nanosecondsClamped / 1000)
    let limit = timeval(tv_sec: Int(microseconds / 1_000_000), tv_usec: Int(microseconds % 1_000_000))
    let made: UnsafeMutablePointer<redisContext>? =
      switch address.place {
      case .host(let host, let port): redisConnectWithTimeout(host, Int32(clamping: port), limit)
      case .socket(let path): redisConnectUnixWithTimeout(path, limit)
      }
    guard let made else { return .failure(Failure(message: "no memory for a connection")) }
    let call = RedisCall(made)
    guard made.pointee.err == 0 else { return .failure(Failure(message: call.complaint)) }
    redisSetTimeout(made, limit)
    return call.enter(address).map { call }
  }

  private init(_ context: UnsafeMutablePointer<redisContext>) {
    self.context = context
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
    return bytes.withUnsafeBufferPointer { buffer in
      var start = 0
      var pointers: [UnsafePointer<CChar>?] = lengths.map { length in
        defer { start += length }
        return buffer.baseAddress.map { $0 + start }
      }
      return redisCommandArgv(context, Int32(clamping: words.count), &pointers, &lengths)
    }
  }

  private var complaint: String {
    withUnsafePointer(to: &context.pointee.errstr) {
      $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: $0.pointee)) { String(cString: $0) }
    }
  }
}
