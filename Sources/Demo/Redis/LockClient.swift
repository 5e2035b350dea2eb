import CHiredis
import Glibc

/// Distributed locks in Redisson's format, for one instance of a service: a hash `<client>:<thread>` → reentrancy count, with the lease
/// as its time to live. Waiters subscribe to the lock's channel. Not thread-safe: used only on the event loop's thread.
final class LockClient {
  /// Lease time of a lock in milliseconds.
  static let lease = 3000
  /// Maximum waiting time for a lock in milliseconds.
  static let patience = 5000

  /// An acquired lock; it must be released.
  struct Grant {
    let key: String
    fileprivate let thread: Int
  }

  private struct Waiter {
    let number: Int
    let completion: (Grant?) -> Void
  }

  private let id: String
  private let connection: RedisConnection
  private let loop: EventLoop
  private var subscriber: RedisSubscriber?
  private var waiters: [String: [Waiter]] = [:]
  private var lastWaiter = 0
  private var busyThreads: Set<Int> = []

  /// `id` is the client's UUID.
  init(id: String, port: UInt16, connection: RedisConnection, loop: EventLoop) throws(RedisFailure) {
    self.id = id
    self.connection = connection
    self.loop = loop
    subscriber = try RedisSubscriber(port: port, loop: loop) { [weak self] channel in self?.released(channel) }
  }

  /// Calls `completion` with the lock, or with `nil` if it was not free within `patience`.
  func acquire(_ key: String, completion: @escaping (Grant?) -> Void) {
    if waiters[key, default: []].isEmpty, let grant = attempt(key) { return completion(grant) }
    lastWaiter += 1
    let number = lastWaiter
    waiters[key, default: []].append(Waiter(number: number, completion: completion))
    subscriber?.subscribe(Self.channel(key))
    loop.after(milliseconds: Self.patience) { [weak self] in self?.giveUp(key, number) }
  }

  /// Releases the lock and notifies the waiters, unless its lease has expired and it has another holder.
  func release(_ grant: Grant) {
    busyThreads.remove(grant.thread)
    _ = try? connection.send(["EVAL", Self.releaseScript, "2", grant.key, Self.channel(grant.key), field(grant.thread)])
  }

  /// Removes all waiters without calling their completions.
  func dropWaiters() {
    for key in waiters.keys { subscriber?.unsubscribe(Self.channel(key)) }
    waiters = [:]
  }

  /// Makes the lock permanent, as if a holder without a lease had died.
  func leak(_ grant: Grant) {
    _ = try? connection.send(["PERSIST", grant.key])
  }

  static func channel(_ key: String) -> String { "redisson_lock__channel:{\(key)}" }

  private func field(_ thread: Int) -> String { "\(id):\(thread)" }

  private func attempt(_ key: String) -> Grant? {
    var thread = 31
    while busyThreads.contains(thread) { thread += 1 }
    let words = ["EVAL", Self.acquireScript, "1", key, String(Self.lease), field(thread)]
    switch try? connection.send(words) {
    case .null:
      busyThreads.insert(thread)
      return Grant(key: key, thread: thread)
    case .integer(let remaining) where remaining >= 0:
      // A dead holder publishes no release, so wait until its lease expires.
      loop.after(milliseconds: remaining + 1) { [weak self] in self?.wake(key) }
      return nil
    default: return nil
    }
  }

  private func released(_ channel: String) {
    guard let key = waiters.keys.first(where: { Self.channel($0) == channel }) else { return }
    wake(key)
  }

  private func wake(_ key: String) {
    guard let first = waiters[key]?.first, let grant = attempt(key) else { return }
    remove(first.number, from: key)
    first.completion(grant)
  }

  private func giveUp(_ key: String, _ number: Int) {
    guard let waiter = waiters[key]?.first(where: { $0.number == number }) else { return }
    remove(number, from: key)
    waiter.completion(nil)
  }

  private func remove(_ number: Int, from key: String) {
    waiters[key]?.removeAll { $0.number == number }
    guard waiters[key]?.isEmpty == true else { return }
    waiters[key] = nil
    subscriber?.unsubscribe(Self.channel(key))
  }

  private static let acquireScript = """
    if redis.call('EXISTS', KEYS[1]) == 1 and redis.call('HEXISTS', KEYS[1], ARGV[2]) == 0 then
      return redis.call('PTTL', KEYS[1])
    end
    redis.call('HINCRBY', KEYS[1], ARGV[2], 1)
    redis.call('PEXPIRE', KEYS[1], ARGV[1])
    return nil
    """

  private static let releaseScript = """
    if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return nil end
    if redis.call('HINCRBY', KEYS[1], ARGV[1], -1) > 0 then return 0 end
    redis.call('DEL', KEYS[1])
    redis.call('PUBLISH', KEYS[2], '0')
    return 1
    """
}

/// Locks as plain strings with `SET NX PX`, released by the owner of the token. Not thread-safe: used only on the event loop's thread.
final class StringLocks {
  /// Milliseconds between two attempts to acquire a lock.
  private static let retryDelay = 10

  private let connection: RedisConnection
  private let loop: EventLoop
  private let log: Log

  init(connection: RedisConnection, loop: EventLoop, log: Log) {
    self.connection = connection
    self.loop = loop
    self.log = log
  }

  /// Acquires the lock with a lease of `lease` milliseconds, holds it for `hold` milliseconds, releases it and calls `then`.
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

  /// `<epoch ms>-<random>`: the token contains the acquisition time.
  private static func token() -> String {
    "\(Clock.epochMilliseconds())-\(String(UInt64.random(in: 0..<101_559_956_668_416), radix: 36))"
  }

  private static let releaseScript =
    "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"
}

/// A subscriber connection that never blocks the event loop.
final class RedisSubscriber {
  private let context: UnsafeMutablePointer<redisContext>
  private let loop: EventLoop
  private let deliver: (_ channel: String) -> Void
  private var subscribed: Set<String> = []

  /// Connects to the demo's Redis. `deliver` is called with the channel of every message, and once when a subscription becomes active,
  /// because earlier messages are not delivered.
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
    // A command is much smaller than the socket buffer, so a single write is enough.
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
