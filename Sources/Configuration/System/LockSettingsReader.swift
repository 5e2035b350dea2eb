import Clients
import Core

/// Reads the Redis servers and the patterns of lock keys.
struct LockSettingsReader {
  private static let mostPatterns = 100
  private static let mostServers = 64

  let reading: ParseContext

  func locks(_ reader: inout MappingReader) -> [LockDefinition] {
    guard let node = reader.take("locks") else { return [] }
    guard case .sequence(let items) = node.content else { return [lock(node)].compactMap { $0 } }
    checkCount(items.count, Self.mostPatterns, "locks", node)
    return items.prefix(Self.mostPatterns).compactMap(lock)
  }

  func counts(_ reader: inout MappingReader) -> [LockPattern] {
    guard let node = reader.take("counts") else { return [] }
    let words = reading.words(node, "counts")
    checkCount(words.count, Self.mostPatterns, "counts", node)
    return words.prefix(Self.mostPatterns).compactMap { pattern($0.text, $0.mark, "counts") }
  }

  func readServers(_ node: YamlNode, into context: inout Context) {
    var reader = MappingReader(node, "`redis`", reading)
    defer { reader.finish() }
    if let servers = reader.take("servers") {
      context.redis.servers = self.servers(servers, &context.secrets)
    } else if case .mapping = node.content {
      reading.add(node.mark, "`redis` needs `servers`, such as redis://host:6379")
    }
    context.redis.publishesKeyEvents = reader.bool("keyspaceEvents") ?? false
    guard let interval = reader.duration("interval") else { return }
    guard interval >= .milliseconds(100), interval <= .seconds(3600) else {
      return reading.add(node.mark, "`interval`: expected a duration from 100ms to 1h")
    }
    context.redis.interval = interval
  }

  private func servers(_ node: YamlNode, _ secrets: inout Secrets) -> [RedisAddress] {
    let items: [YamlNode] = if case .sequence(let items) = node.content { items } else { [node] }
    if items.isEmpty { reading.add(node.mark, "`servers`: expected at least one, found an empty list") }
    checkCount(items.count, Self.mostServers, "servers", node)
    return items.prefix(Self.mostServers).compactMap { item in
      guard let resolved = reading.resolved(item, "servers") else { return nil }
      for value in resolved.values { secrets.insert(value) }
      do throws(RedisAddress.Invalid) { return try RedisAddress(resolved.text) } catch {
        reading.add(item.mark, "`servers`: \(error.message)")
        return nil
      }
    }
  }

  /// A pattern, or a mapping with a pattern.
  private func lock(_ node: YamlNode) -> LockDefinition? {
    if case .scalar = node.content {
      return reading.word(node, "locks").flatMap { pattern($0, node.mark, "locks") }.map { LockDefinition(pattern: $0) }
    }
    var reader = MappingReader(node, "a lock", reading)
    defer { reader.finish() }
    let key = reader.take("key")
    if key == nil, case .mapping = node.content {
      reading.add(node.mark, "a lock needs a `key`, such as lock:{orderId}")
    }
    let (lease, maxAge) = (reader.duration("lease"), reader.duration("maxAge"))
    guard let key, let text = reading.word(key, "key"), let pattern = pattern(text, key.mark, "key") else { return nil }
    return LockDefinition(pattern: pattern, lease: lease, maxAge: maxAge)
  }

  private func pattern(_ text: String, _ mark: YamlNode.Mark, _ name: String) -> LockPattern? {
    do throws(LockPattern.Invalid) { return try LockPattern(text) } catch {
      reading.add(mark, "`\(name)`: \(error.message)")
      return nil
    }
  }

  private func checkCount(_ count: Int, _ most: Int, _ name: String, _ node: YamlNode) {
    if count > most { reading.add(node.mark, "`\(name)`: expected at most \(most), found \(count)") }
  }
}
