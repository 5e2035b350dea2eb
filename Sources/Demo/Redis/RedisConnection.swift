import CHiredis
import Glibc

/// One blocking connection to the shop's own Redis on loopback, which answers in microseconds. It connects again
/// after an error. Not thread-safe: the event loop's thread owns it.
final class RedisConnection {
  private let port: UInt16
  private var context: UnsafeMutablePointer<redisContext>?

  init(port: UInt16) {
    self.port = port
  }

  deinit {
    if let context { redisFree(context) }
  }

  /// Sends a command and waits at most a second for its reply.
  func send(_ words: [String]) throws(RedisFailure) -> RedisReply {
    let context = try connected()
    let reply = RedisWords.with(words) { count, words, lengths in
      redisCommandArgv(context, count, words, lengths)
    }
    guard let reply else {
      let failure = RedisFailure(words.first ?? "", Self.error(of: context))
      redisFree(context)
      self.context = nil
      throw failure
    }
    let value = RedisReply(taking: reply)
    if case .error(let reason) = value { throw RedisFailure(words.first ?? "", reason) }
    return value
  }

  private func connected() throws(RedisFailure) -> UnsafeMutablePointer<redisContext> {
    if let context { return context }
    let second = timeval(tv_sec: 1, tv_usec: 0)
    guard let new = redisConnectWithTimeout("127.0.0.1", Int32(port), second) else {
      throw RedisFailure("connecting to 127.0.0.1:\(port)", "out of memory")
    }
    guard new.pointee.err == 0 else {
      defer { redisFree(new) }
      throw RedisFailure("connecting to 127.0.0.1:\(port)", Self.error(of: new))
    }
    redisSetTimeout(new, second)
    context = new
    return new
  }

  private static func error(of context: UnsafeMutablePointer<redisContext>) -> String {
    withUnsafePointer(to: &context.pointee.errstr) {
      $0.withMemoryRebound(to: CChar.self, capacity: 1) { String(cString: $0) }
    }
  }
}
