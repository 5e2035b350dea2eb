import CHiredis

/// A reply of Redis, copied out of hiredis's memory.
enum RedisReply: Equatable {
  case null
  case integer(Int)
  case text(String)
  case array([RedisReply])
  case error(String)

  /// Copies and frees what hiredis allocated.
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

  /// The whole number this is, be it an integer or text.
  var integerValue: Int? {
    switch self {
    case .integer(let value): value
    case .text(let text): Int(text)
    default: nil
    }
  }
}
