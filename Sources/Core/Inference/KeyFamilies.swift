/// Groups a server's keys by their constant parts: `inventory:lock:7` and `inventory:lock:8` are `inventory:lock:{id}`.
package struct KeyFamilies: Sendable {
  package struct Family: Sendable, Equatable {
    package var pattern: String
    package var count: Int
    /// Whether the keys seem to be locks: a word in the name indicates it, or they are Redisson's.
    package var isLock: Bool
  }

  /// The maximum number of patterns; keys of further ones count only in `total`.
  private static let most = 200
  private var counts: [String: (count: Int, isLock: Bool)] = [:]
  package private(set) var total = 0

  package init() {}

  /// `isRedisson`: the value is a hash with one holder's name and a count.
  package mutating func add(_ key: String, isRedisson: Bool = false) {
    total += 1
    guard let pattern = Self.pattern(of: key) else { return }
    guard counts[pattern] != nil || counts.count < Self.most else { return }
    counts[pattern, default: (0, false)].count += 1
    if isRedisson || Self.namesLock(pattern) { counts[pattern]?.isLock = true }
  }

  /// Locks first, then the most frequent; a pattern of a single key is included only if it is a lock.
  package var families: [Family] {
    counts.map { Family(pattern: $0.key, count: $0.value.count, isLock: $0.value.isLock) }
      .filter { $0.count > 1 || $0.isLock }
      .sorted { ($0.isLock ? 0 : 1, -$0.count, $0.pattern) < ($1.isLock ? 0 : 1, -$1.count, $1.pattern) }
  }

  /// `nil` if the key has no constant part or no variable part.
  private static func pattern(of key: String) -> String? {
    let parts = key.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard parts.count > 1, parts.count <= 10 else { return nil }
    var names = 0
    let pattern = parts.map { part -> String in
      guard isValue(part) else { return LockPattern.escaped(part) }
      names += 1
      return names == 1 ? "{id}" : "{id\(names)}"
    }
    return names == 0 || names == parts.count ? nil : pattern.joined(separator: ":")
  }

  /// A variable part: it contains a digit or `@`, or is longer than 24 bytes.
  private static func isValue(_ part: String) -> Bool {
    part.isEmpty
      ? false
      : part.utf8.count > 24 || part.utf8.contains { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        || part.contains("@")
  }

  private static func namesLock(_ pattern: String) -> Bool {
    pattern.lowercased().split { !$0.isLetter }.contains {
      ["lock", "locks", "mutex", "lease", "semaphore"].contains($0)
    }
  }
}

extension LockPattern {
  /// The pattern that matches exactly this text.
  static func escaped(_ text: String) -> String {
    String(text.flatMap { "\\{}*".contains($0) ? ["\\", $0] : [$0] })
  }
}
