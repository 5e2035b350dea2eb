import CHiredis
import Glibc

/// A blocking connection for a test's setup. Not thread-safe.
package final class RedisTestClient {
  private let context: UnsafeMutablePointer<redisContext>

  package init(port: UInt16) throws {
    guard let context = redisConnect("127.0.0.1", Int32(port)) else { throw TestFailure("no memory for a connection") }
    self.context = context
    guard context.pointee.err == 0 else { throw TestFailure("no connection to Redis on port \(port)") }
  }

  deinit { redisFree(context) }

  /// Returns the reply as text; throws an error reply.
  @discardableResult
  package func send(_ words: String...) throws -> String { try send(words.map { Array($0.utf8) }) }

  @discardableResult
  package func send(_ words: [[UInt8]]) throws -> String {
    try append(words)
    return try reply()
  }

  /// Sends commands in pipelines of 1,000.
  package func sendAll(_ count: Int, _ words: (Int) -> [String]) throws {
    for start in stride(from: 0, to: count, by: 1000) {
      let end = min(count, start + 1000)
      for index in start..<end { try append(words(index).map { Array($0.utf8) }) }
      for _ in start..<end { _ = try reply() }
    }
  }

  /// Sends without waiting for the reply, for commands that block the server.
  package func begin(_ words: String...) throws {
    try append(words.map { Array($0.utf8) })
    var isDone: Int32 = 0
    while isDone == 0 {
      guard redisBufferWrite(context, &isDone) == REDIS_OK else { throw TestFailure("Redis takes no command") }
    }
  }

  private func append(_ words: [[UInt8]]) throws {
    var bytes = Array("*\(words.count)\r\n".utf8)
    for word in words { bytes += Array("$\(word.count)\r\n".utf8) + word + [13, 10] }
    let result = bytes.withUnsafeBytes {
      redisAppendFormattedCommand(context, $0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count)
    }
    guard result == REDIS_OK else { throw TestFailure("no memory for a command") }
  }

  private func reply() throws -> String {
    var pointer: UnsafeMutableRawPointer?
    guard redisGetReply(context, &pointer) == REDIS_OK, let pointer else { throw TestFailure("Redis gives no answer") }
    defer { freeReplyObject(pointer) }
    let reply = pointer.assumingMemoryBound(to: redisReply.self).pointee
    let text = String(
      decoding: UnsafeRawBufferPointer(start: reply.str, count: reply.str == nil ? 0 : Int(reply.len)), as: UTF8.self)
    guard reply.type != REDIS_REPLY_ERROR else { throw TestFailure("Redis: \(text)") }
    return reply.type == REDIS_REPLY_INTEGER ? String(reply.integer) : text
  }
}
