import CHiredis

/// A server's answer, copied out of the library's memory.
package enum RedisReply: Equatable {
  case null
  case integer(Int)
  case bytes([UInt8])
  case array([RedisReply])
  case error(String)

  /// Copies and frees what the library allocated.
  package init(taking reply: UnsafeMutableRawPointer) {
    self.init(copying: reply.assumingMemoryBound(to: redisReply.self), depth: 0)
    freeReplyObject(reply)
  }

  /// hiredis itself refuses what is nested more deeply than seven times.
  private init(copying reply: UnsafePointer<redisReply>, depth: Int) {
    let source = reply.pointee
    switch source.type {
    case REDIS_REPLY_INTEGER: self = .integer(Int(clamping: source.integer))
    case REDIS_REPLY_STRING, REDIS_REPLY_STATUS: self = .bytes(Array(Self.buffer(source)))
    case REDIS_REPLY_ERROR: self = .error(String(decoding: Self.buffer(source), as: UTF8.self))
    case REDIS_REPLY_ARRAY where depth < 8:
      self = .array(
        (0..<Int(source.elements)).map { index in
          source.element?[index].map { RedisReply(copying: $0, depth: depth + 1) } ?? .null
        })
    default: self = .null
    }
  }

  private static func buffer(_ reply: redisReply) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: reply.str, count: reply.str == nil ? 0 : Int(reply.len))
  }

  package var integer: Int? {
    switch self {
    case .integer(let value): value
    case .bytes(let bytes): Int(String(decoding: bytes, as: UTF8.self))
    default: nil
    }
  }

  package var bytes: [UInt8]? { if case .bytes(let bytes) = self { bytes } else { nil } }
  package var array: [RedisReply]? { if case .array(let array) = self { array } else { nil } }
  package var error: String? { if case .error(let text) = self { text } else { nil } }
  package var text: String? { bytes.map { String(decoding: $0, as: UTF8.self) } }
}
