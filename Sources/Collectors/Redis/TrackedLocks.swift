import Core
import Text

/// The locks of one server that are read in turn, and the events since the last round.
struct TrackedLocks {
  private let settings: RedisSettings
  private var locks: [TrackedLock] = []
  private var places: [[UInt8]: Int] = [:]
  private var nextPlace = 0
  private var events: [LockEvent] = []
  private var isWhole = true
  /// Number of keys above the limit in the last complete pass.
  private(set) var dropped = 0
  private var droppedInPass = 0

  init(_ settings: RedisSettings) {
    self.settings = settings
  }

  var count: Int { locks.count }

  /// Adds a key that was found by a scan or an event.
  mutating func add(_ key: [UInt8], isAsking: Bool = false) {
    guard places[key] == nil else { return }
    let text = ByteText.text(key)
    guard let definition = settings.locks.firstIndex(where: { $0.pattern.parts(of: text) != nil }) else { return }
    guard locks.count < settings.mostLocks, key.count <= Self.longestKey else { return droppedInPass &+= 1 }
    places[key] = locks.count
    var lock = TrackedLock(key: key, text: text, definition: definition)
    lock.isAsking = isAsking
    locks.append(lock)
  }

  private static let longestKey = 1024

  /// Number of locks that cannot be read, the reason and the pattern of the first one; `nil` if there are none.
  var unreadable: (count: Int, reason: String, pattern: String)? {
    let refused = locks.filter { $0.refusal != nil }
    guard let first = refused.first, let reason = first.refusal else { return nil }
    return (refused.count, reason, settings.locks[first.definition].pattern.glob)
  }

  /// Ends a pass.
  mutating func finishPass() { (dropped, droppedInPass) = (droppedInPass, 0) }

  mutating func remove(_ key: [UInt8]) {
    guard let place = places.removeValue(forKey: key), let last = locks.popLast() else { return }
    guard place < locks.count else { return }
    locks[place] = last
    places[last.key] = place
  }

  /// The next locks in turn. They must be stored back with `put`.
  mutating func next(_ wanted: Int) -> ArraySlice<TrackedLock> {
    if nextPlace >= locks.count { nextPlace = 0 }
    let chunk = locks[nextPlace..<min(nextPlace + wanted, locks.count)]
    nextPlace = chunk.endIndex
    return chunk
  }

  mutating func put(_ chunk: ArraySlice<TrackedLock>) {
    for index in chunk.indices { locks[index] = chunk[index] }
  }

  /// Handles events: a key that was written or renewed is tracked, a key that was released or expired is removed.
  mutating func note(_ told: [(key: [UInt8], event: LockEvent)], isWhole: Bool) {
    for (key, event) in told {
      switch event.kind {
      case .written, .renewed: add(key)
      case .released, .expired: remove(key)
      }
      events.append(event)
    }
    if !isWhole { self.isWhole = false }
  }

  /// The events since the last round, and whether they are complete.
  mutating func takeEvents(isWhole: Bool) -> ([LockEvent], Bool) {
    defer { (events, self.isWhole) = ([], true) }
    return (events, isWhole && self.isWhole)
  }
}

/// A lock that is read in each round.
struct TrackedLock {
  enum Form {
    case string
    case hash
    /// A type that locks do not use, or a hash that is too large.
    case other
  }

  /// Larger hashes are not read: no lock is that large. In bytes.
  static let largestHash = 64 << 10

  let key: [UInt8]
  let text: String
  let definition: Int
  /// `nil` until it is known.
  var form: Form?
  var isReadWrite = false
  var isFenced = false
  /// Idle time (OBJECT IDLETIME) when the key was first seen.
  var idle: Duration?
  /// Its slot is being migrated to this node: each command needs ASKING first.
  var isAsking = false
  /// The command and the error text if this user may not read the key.
  var refusal: String?
  /// The redirection error of a cluster node.
  var redirection: String?

  /// Channel to which Redisson's waiters subscribe.
  var channel: [UInt8] { Self.prefixed(isReadWrite ? "redisson_rwlock" : "redisson_lock__channel", key) }

  /// Key of the waiting list of Redisson's fair lock.
  var queue: [UInt8] { Self.prefixed("redisson_lock_queue", key) }

  /// Key of the counter of Redisson's fenced lock.
  var fence: [UInt8] { Self.prefixed("redisson_lock_token", key) }

  /// Redisson adds braces around the name, so that related keys have the same slot, unless the name contains braces.
  private static func prefixed(_ prefix: String, _ key: [UInt8]) -> [UInt8] {
    key.contains(UInt8(ascii: "{")) ? Array("\(prefix):".utf8) + key : Array("\(prefix):{".utf8) + key + [0x7d]
  }
}
