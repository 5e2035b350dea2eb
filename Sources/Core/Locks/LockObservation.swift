/// One lock as it was found.
package struct LockObservation: Sendable, Equatable {
  package enum Kind: String, Sendable, CaseIterable {
    /// `SET key token NX PX`.
    case string
    /// Redisson's hash of holder and re-entrance.
    case redisson
    /// The same with a queue of those who wait.
    case fairQueue
    /// The same with a token that grows with each holder.
    case fenced
    case readWrite
    /// Redisson's hash of several values that are locked together, each of which names its holder.
    case multi
    /// The hash of jobs that sidekiq-unique-jobs keeps.
    case jobs
    /// None of these; its holder is not known.
    case other
  }

  package var key: String
  /// Its place among the definitions.
  package var definition: Int
  package var kind: Kind
  /// Several of a lock that is held to read; the first few of them.
  package var holders: [LockHolder]
  /// When its time to live was read.
  package var time: Timestamp
  /// Time left at that instant; `nil` when it has no end.
  package var ttl: Duration?
  /// Clients that wait; `nil` where this kind of lock does not tell.
  package var waiters: Int?
  /// For so long nobody has touched it, where that was asked for.
  package var idle: Duration?

  package init(
    key: String, definition: Int, kind: Kind = .string, holders: [LockHolder] = [], time: Timestamp,
    ttl: Duration? = nil, waiters: Int? = nil, idle: Duration? = nil
  ) {
    self.key = key
    self.definition = definition
    self.kind = kind
    self.holders = holders
    self.time = time
    self.ttl = ttl
    self.waiters = waiters
    self.idle = idle
  }
}
