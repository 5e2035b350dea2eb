import CHiredis

/// A server's reply, copied out of the library's memory.
package enum RedisReply: Equatable {
  case null
  case integer(Int)
  case bytes([UInt8])
  case array([RedisReply])
  case error(String)

  /// Copies the reply and frees hiredis's memory.
  package init(taking reply: UnsafeMutableRawPointer) {
    self.init(copying: reply.assumingMemoryBound(to: redisReply.self), depth: 0)
    freeReplyObject(reply)
  }

  /// hiredis rejects replies with more than seven levels of nesting.
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

/// The reason why a server could not be read.
package enum RedisError: Error, Equatable {
  /// There is no connection, or it was closed.
  case unreachable(String)
  /// Connected, but no reply in time.
  case slow(Duration)
  /// The server's error reply.
  case refused(String)
  /// A reply is larger than any expected reply.
  case tooLarge
  /// The library does not support what the address requires.
  case unsupported(String)
  /// The program is ending.
  case stopped

  /// First word of the error reply, such as `NOAUTH`.
  package var code: String? {
    guard case .refused(let text) = self else { return nil }
    return text.split(separator: " ").first.map(String.init)
  }

  /// Description without the server's name.
  package var sentence: String {
    switch self {
    case .unreachable(let reason): reason
    case .slow(let time): "no answer within \(time.components.seconds) s"
    case .tooLarge: "an answer was larger than was asked for"
    case .unsupported(let reason): reason
    case .stopped: "stopped"
    case .refused(let text): Self.explanation(text, code: code ?? "")
    }
  }

  private static func explanation(_ text: String, code: String) -> String {
    switch code {
    case "NOAUTH": "it asks for a password (NOAUTH): give redis://[user]:password@host"
    case "WRONGPASS": "it refuses the user or the password (WRONGPASS)"
    case "LOADING": "it is still loading its data (LOADING)"
    case "MASTERDOWN": "it is a replica that has lost its master (MASTERDOWN)"
    case "BUSY": "a script keeps it busy (BUSY)"
    case "NOPERM": "its user lacks a permission (\(text.prefix(160)))"
    case "DENIED": "it is in protected mode (DENIED): it answers on its own machine only, or with a password"
    case "MOVED", "ASK", "CLUSTERDOWN": "it is part of a cluster: name each of its masters (\(text.prefix(80)))"
    default: text.contains("invalid password") ? "it refuses the password" : String(text.prefix(160))
    }
  }
}
