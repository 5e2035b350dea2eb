import Clients
import Core
import Text

/// Listens to what a server tells of its keys, on a connection of its own. It never asks the server to tell more than it does.
final class KeyEvents {
  /// Events between two rounds; more are not counted one by one.
  private static let mostEvents = 50_000

  private let connection: RedisConnection
  private let locks: [LockDefinition]
  private let prefix: Int
  private let now: @Sendable () -> Timestamp
  private var events: [(key: [UInt8], event: LockEvent)] = []
  private var error: RedisError?
  /// Some were left out since they were last taken.
  private(set) var hasOverflowed = false

  /// Subscribes on an entered connection.
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

  /// Whether a server tells all that is needed: key events of strings and hashes, of keys in general and of those that expire.
  static func isWholeStory(_ flags: String) -> Bool {
    flags.contains("K") && (flags.contains("A") || "gxh$".allSatisfy { flags.contains($0) })
  }

  /// Takes what has come. Errors are kept for `take`; after one nothing comes any more, and the answer is false.
  @discardableResult
  func serve() -> Bool {
    do throws(RedisError) {
      for reply in try connection.received() { note(reply) }
    } catch {
      self.error = error
    }
    return error == nil
  }

  /// What happened since the last time, in order.
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
    // A key of several patterns is told of several times.
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
