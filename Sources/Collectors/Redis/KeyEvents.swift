import Clients
import Core
import Text

/// Receives keyspace events on a separate connection. It never changes the server's configuration.
final class KeyEvents {
  /// Maximum number of events between two rounds; further events are dropped.
  private static let mostEvents = 50_000

  private let connection: RedisConnection
  private let locks: [LockDefinition]
  private let prefix: Int
  private let now: @Sendable () -> Timestamp
  private var events: [(key: [UInt8], event: LockEvent)] = []
  private var error: RedisError?
  /// Whether events were dropped since the last `take`.
  private(set) var hasOverflowed = false

  /// Subscribes on a connected and authenticated connection.
  init(
    _ connection: RedisConnection, _ settings: RedisSettings, now: @escaping @Sendable () -> Timestamp
  ) throws(RedisError) {
    self.connection = connection
    self.now = now
    locks = settings.locks
    let prefix = "__keyspace@\(settings.address.database)__:"
    self.prefix = prefix.utf8.count
    var pipeline = RedisPipeline()
    pipeline.add("PSUBSCRIBE", words: settings.locks.map { prefix + $0.pattern.glob })
    try connection.write(pipeline)
  }

  var descriptor: Int32 { connection.descriptor }

  /// Whether the server publishes all required events: keyspace events for strings, hashes, generic commands and expiry.
  static func isWholeStory(_ flags: String) -> Bool {
    flags.contains("K") && (flags.contains("A") || "gxh$".allSatisfy { flags.contains($0) })
  }

  /// Handles the received events. An error is stored for `take`; no more events arrive after it, and the result is false.
  @discardableResult
  func serve() -> Bool {
    do throws(RedisError) {
      for reply in try connection.received() { note(reply) }
    } catch {
      self.error = error
    }
    return error == nil
  }

  /// The events since the last call, in order.
  func take() throws(RedisError) -> (events: [(key: [UInt8], event: LockEvent)], isWhole: Bool) {
    if let error { throw error }
    defer {
      events = []
      hasOverflowed = false
    }
    return (events, !hasOverflowed)
  }

  private func note(_ reply: RedisReply) {
    if let text = reply.error { return error = .refused(text) }
    guard let parts = reply.array, parts.count == 4, parts[0].text == "pmessage",
      let channel = parts[2].bytes, channel.count > prefix, let name = parts[3].text, let kind = Self.kind(name)
    else { return }
    let key = Array(channel[prefix...])
    let text = ByteText.text(key)
    // A key that matches several patterns is published several times.
    guard let definition = locks.firstIndex(where: { $0.pattern.parts(of: text) != nil }),
      parts[1].bytes?.dropFirst(prefix).elementsEqual(locks[definition].pattern.glob.utf8) == true
    else { return }
    guard events.count < Self.mostEvents else { return hasOverflowed = true }
    events.append((key, LockEvent(key: text, definition: definition, kind: kind, time: now())))
  }

  private static func kind(_ name: String) -> LockEvent.Kind? {
    switch name {
    case "set", "hset", "hincrby", "restore", "rename_to": .written
    case "expire": .renewed
    case "del", "rename_from", "evicted": .released
    case "expired": .expired
    default: nil
    }
  }
}
