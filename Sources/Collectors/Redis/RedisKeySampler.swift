import Clients
import Core

/// Scans the keys of a server once to find the kinds of keys. It uses SCAN within a time limit.
package struct RedisKeySampler {
  /// Maximum number of keys scanned.
  package static let mostKeys = 200_000
  /// Number of keys per batch for which the type is requested.
  private static let mostTypes = 100

  private let settings: RedisSettings

  package init(_ address: RedisAddress) {
    settings = RedisSettings(address: address, locks: [])
  }

  /// Blocks until all keys are scanned or `time` is over. Returns the reason as a sentence if the server cannot be read.
  package func add(to families: inout KeyFamilies, atMost time: Duration) -> String? {
    do throws(RedisError) {
      let connection = try RedisConnection(settings.address, timeout: settings.timeout, stop: StopSignal())
      let end = ContinuousClock.now + time
      var cursor = "0"
      repeat {
        let reply = try connection.send("SCAN", [cursor, "COUNT", String(settings.scanCount)])
        guard let parts = reply.array, parts.count == 2, let next = parts[0].text, let keys = parts[1].array else {
          throw .unreachable("SCAN is answered by something else")
        }
        try add(keys.compactMap(\.bytes), connection, to: &families)
        cursor = next
      } while cursor != "0" && families.total < Self.mostKeys && ContinuousClock.now < end
      return nil
    } catch {
      return error.sentence
    }
  }

  private func add(
    _ keys: [[UInt8]], _ connection: RedisConnection, to families: inout KeyFamilies
  ) throws(RedisError) {
    var types = RedisPipeline()
    for key in keys.prefix(Self.mostTypes) { types.add("TYPE", key: key) }
    let replies = types.count == 0 ? [] : try connection.send(types)
    for (place, key) in keys.enumerated() {
      guard let name = String(validating: key, as: UTF8.self) else { continue }
      let isHash = replies.indices.contains(place) && replies[place].text == "hash"
      families.add(name, isRedisson: isHash ? try isRedisson(key, connection) : false)
    }
  }

  private func isRedisson(_ key: [UInt8], _ connection: RedisConnection) throws(RedisError) -> Bool {
    var pipeline = RedisPipeline()
    pipeline.add("HLEN", key: key)
    guard let length = try connection.send(pipeline).first?.integer, (1...8).contains(length) else { return false }
    pipeline = RedisPipeline()
    pipeline.add("HGETALL", key: key)
    guard let fields = try connection.send(pipeline).first?.array else { return false }
    return !LockHash(fields).holders.isEmpty
  }
}
