import CHiredis
import Glibc

/// A connection that subscribes to channels and hands over their messages, without ever blocking the event loop.
final class RedisSubscriber {
  private let context: UnsafeMutablePointer<redisContext>
  private let loop: EventLoop
  private let deliver: (_ channel: String) -> Void
  private var subscribed: Set<String> = []

  /// Connects to the shop's Redis; `deliver` is called with the channel of every message, and once when a
  /// subscription has taken effect, because what was published before it is never delivered.
  init(port: UInt16, loop: EventLoop, deliver: @escaping (String) -> Void) throws(RedisFailure) {
    guard let context = redisConnectNonBlock("127.0.0.1", Int32(port)), context.pointee.err == 0 else {
      throw RedisFailure("subscribing at 127.0.0.1:\(port)", "no connection")
    }
    self.context = context
    self.loop = loop
    self.deliver = deliver
    loop.watch(context.pointee.fd) { [weak self] in self?.receive() }
  }

  deinit {
    loop.unwatch(context.pointee.fd)
    redisFree(context)
  }

  func subscribe(_ channel: String) {
    guard subscribed.insert(channel).inserted else { return }
    send(["SUBSCRIBE", channel])
  }

  func unsubscribe(_ channel: String) {
    guard subscribed.remove(channel) != nil else { return }
    send(["UNSUBSCRIBE", channel])
  }

  private func send(_ words: [String]) {
    _ = RedisWords.with(words) { redisAppendCommandArgv(context, $0, $1, $2) }
    var isDone: Int32 = 0
    // A command is far smaller than a socket's buffer, so that one write takes it.
    redisBufferWrite(context, &isDone)
  }

  private func receive() {
    guard redisBufferRead(context) == REDIS_OK else { return loop.unwatch(context.pointee.fd) }
    var reply: UnsafeMutableRawPointer?
    while redisGetReplyFromReader(context, &reply) == REDIS_OK, let current = reply {
      guard case .array(let parts) = RedisReply(taking: current), parts.count == 3,
        [.text("message"), .text("subscribe")].contains(parts[0]), case .text(let channel) = parts[1]
      else { continue }
      deliver(channel)
    }
  }
}
