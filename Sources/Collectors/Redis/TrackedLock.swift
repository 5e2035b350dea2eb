import Core

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
