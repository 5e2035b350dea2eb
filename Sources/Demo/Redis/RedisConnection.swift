import CHiredis
import Glibc

/// A blocking connection to the demo's Redis on loopback, which responds within microseconds. It reconnects after an error. Not
/// thread-safe: used only on the event loop's thread.
final class RedisConnection {
  private let port: UInt16
  private var context: UnsafeMutablePointer<redisContext>?

  init(port: UInt16) {
    self.port = port
  }

  deinit {
    if let context { redisFree(context) }
  }

  /// Sends a command and waits at most one second for its reply.
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

/// A Redis reply, copied out of hiredis's memory.
enum RedisReply: Equatable {
  case null
  case integer(Int)
  case text(String)
  case array([RedisReply])
  case error(String)

  /// Copies the reply and frees it.
  init(taking reply: UnsafeMutableRawPointer) {
    self.init(copying: reply.assumingMemoryBound(to: redisReply.self))
    freeReplyObject(reply)
  }

  private init(copying reply: UnsafePointer<redisReply>) {
    let source = reply.pointee
    switch source.type {
    case REDIS_REPLY_INTEGER: self = .integer(Int(source.integer))
    case REDIS_REPLY_STRING, REDIS_REPLY_STATUS: self = .text(Self.string(source))
    case REDIS_REPLY_ERROR: self = .error(Self.string(source))
    case REDIS_REPLY_ARRAY:
      self = .array(
        (0..<Int(source.elements)).map { index in source.element?[index].map { RedisReply(copying: $0) } ?? .null })
    default: self = .null
    }
  }

  private static func string(_ reply: redisReply) -> String {
    let count = reply.str == nil ? 0 : Int(reply.len)
    return String(decoding: UnsafeRawBufferPointer(start: reply.str, count: count), as: UTF8.self)
  }

  /// The value as an integer, from an integer or text; `nil` otherwise.
  var integerValue: Int? {
    switch self {
    case .integer(let value): value
    case .text(let text): Int(text)
    default: nil
    }
  }
}

/// Converts the words of a command to pointers and lengths for hiredis, so that a word may contain any byte.
enum RedisWords {
  static func with<R>(
    _ words: [String],
    _ body: (Int32, UnsafeMutablePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int>?) -> R
  ) -> R {
    let copies = words.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    var pointers = copies.map { $0.map { UnsafePointer($0) } }
    let lengths = words.map(\.utf8.count)
    return body(Int32(clamping: words.count), &pointers, lengths)
  }
}

/// A failed Redis operation.
struct RedisFailure: Error, CustomStringConvertible {
  let description: String

  init(_ action: String, _ reason: String) {
    description = "Redis: \(action): \(reason)"
  }
}
