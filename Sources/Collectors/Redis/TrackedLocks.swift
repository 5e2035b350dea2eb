import Core
import Text

/// The locks of one server that are looked at in turn, and what the server told of them since the last round.
struct TrackedLocks {
  private let settings: RedisSettings
  private var locks: [TrackedLock] = []
  private var places: [[UInt8]: Int] = [:]
  private var nextPlace = 0
  private var events: [LockEvent] = []
  private var isWhole = true
  /// Keys that there was no room for in the last whole pass.
  private(set) var dropped = 0
  private var droppedInPass = 0

  init(_ settings: RedisSettings) {
    self.settings = settings
  }

  var count: Int { locks.count }

  /// A key that a pass or an event found.
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

  /// How many locks may not be read, why one of them may not, and its pattern; `nil` for none.
  var unreadable: (count: Int, reason: String, pattern: String)? {
    let refused = locks.filter { $0.refusal != nil }
    guard let first = refused.first, let reason = first.refusal else { return nil }
    return (refused.count, reason, settings.locks[first.definition].pattern.glob)
  }

  /// A pass is over.
  mutating func finishPass() { (dropped, droppedInPass) = (droppedInPass, 0) }

  mutating func remove(_ key: [UInt8]) {
    guard let place = places.removeValue(forKey: key), let last = locks.popLast() else { return }
    guard place < locks.count else { return }
    locks[place] = last
    places[last.key] = place
  }

  /// The next few, in turn; they are to be `put` back.
  mutating func next(_ wanted: Int) -> ArraySlice<TrackedLock> {
    if nextPlace >= locks.count { nextPlace = 0 }
    let chunk = locks[nextPlace..<min(nextPlace + wanted, locks.count)]
    nextPlace = chunk.endIndex
    return chunk
  }

  mutating func put(_ chunk: ArraySlice<TrackedLock>) {
    for index in chunk.indices { locks[index] = chunk[index] }
  }

  /// What the server told: a lock that was taken is looked at from now on, one that is gone no longer.
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

  /// The events since the last round, and whether they are all.
  mutating func takeEvents(isWhole: Bool) -> ([LockEvent], Bool) {
    defer { (events, self.isWhole) = ([], true) }
    return (events, isWhole && self.isWhole)
  }
}

/// A lock that is looked at in every round.
struct TrackedLock {
  enum Form {
    case string
    case hash
    /// A type that no lock has, or one that is too large for it.
    case other
  }

  /// Of a hash that is larger nothing is read: no lock is.
  static let largestHash = 64 << 10

  let key: [UInt8]
  let text: String
  let definition: Int
  /// `nil` before it was asked for.
  var form: Form?
  var isReadWrite = false
  var isFenced = false
  /// Idle time (OBJECT IDLETIME) when the key was first seen.
  var idle: Duration?
  /// Its slot is on its way to this node of a cluster: each command is announced by ASKING.
  var isAsking = false
  /// The command and the server's words, where this user may not read the key.
  var refusal: String?
  /// The words of a node of a cluster that sends elsewhere.
  var redirection: String?

  /// Where Redisson's waiters subscribe.
  var channel: [UInt8] { Self.prefixed(isReadWrite ? "redisson_rwlock" : "redisson_lock__channel", key) }

  /// Where Redisson's fair lock keeps those who wait.
  var queue: [UInt8] { Self.prefixed("redisson_lock_queue", key) }

  /// Where Redisson's fenced lock counts its holders.
  var fence: [UInt8] { Self.prefixed("redisson_lock_token", key) }

  /// Redisson puts a name into braces, so that a cluster keeps what belongs together on one node, unless it has some.
  private static func prefixed(_ prefix: String, _ key: [UInt8]) -> [UInt8] {
    key.contains(UInt8(ascii: "{")) ? Array("\(prefix):".utf8) + key : Array("\(prefix):{".utf8) + key + [0x7d]
  }
}
