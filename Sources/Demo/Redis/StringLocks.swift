/// Locks as plain strings, `SET NX PX`, given back by whoever has the token. Not thread-safe: the event loop's thread owns it.
final class StringLocks {
  /// Milliseconds between two attempts at a lock that is not free.
  private static let retryDelay = 10

  private let connection: RedisConnection
  private let loop: EventLoop
  private let log: Log

  init(connection: RedisConnection, loop: EventLoop, log: Log) {
    self.connection = connection
    self.loop = loop
    self.log = log
  }

  /// Gets the lock for at most `lease` milliseconds, holds it for `hold`, gives it back and goes on.
  func hold(_ key: String, lease: Int, for hold: Int, then: @escaping () -> Void) {
    let token = Self.token()
    do {
      guard try connection.send(["SET", key, token, "NX", "PX", String(lease)]) == .text("OK") else {
        return loop.after(milliseconds: Self.retryDelay) { self.hold(key, lease: lease, for: hold, then: then) }
      }
    } catch {
      log.write("locks", "\(error): going on without \(key)")
      return then()
    }
    loop.after(milliseconds: hold) {
      _ = try? self.connection.send(["EVAL", Self.releaseScript, "1", key, token])
      then()
    }
  }

  /// `<epoch ms>-<random>`, which tells its reader when the lock was taken.
  private static func token() -> String {
    "\(Clock.epochMilliseconds())-\(String(UInt64.random(in: 0..<101_559_956_668_416), radix: 36))"
  }

  private static let releaseScript =
    "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"
}
