/// One poll of a server's locks.
package struct LockSample: Sendable {
  /// The name of the source, which identifies the server.
  package var source: String
  /// When the round ended.
  package var time: Timestamp
  package var took: Duration
  /// `events` contains every acquisition and release since the last round. If `false`, changes between two rounds are unknown.
  package var isExact: Bool
  /// All known locks, and those found in this round.
  package var locks: [LockObservation]
  /// Keys of known locks that no longer exist.
  package var gone: [String]
  /// In chronological order.
  package var events: [LockEvent]
  /// Number of keys of each counted pattern in the last complete scan; `nil` before the first.
  package var counts: [Int]?
  /// Number of complete scans of the server's keys so far.
  package var passes: Int
  /// Progress of the current scan, 0 to 1.
  package var progress: Double
  /// Number of locks that were found but are not read, because there are too many.
  package var dropped: Int

  package init(
    source: String, time: Timestamp, took: Duration = .zero, isExact: Bool = false, locks: [LockObservation] = [],
    gone: [String] = [], events: [LockEvent] = [], counts: [Int]? = nil, passes: Int = 1, progress: Double = 1,
    dropped: Int = 0
  ) {
    self.source = source
    self.time = time
    self.took = took
    self.isExact = isExact
    self.locks = locks
    self.gone = gone
    self.events = events
    self.counts = counts
    self.passes = passes
    self.progress = progress
    self.dropped = dropped
  }
}

/// One lock as it was found.
package struct LockObservation: Sendable, Equatable {
  package enum Kind: String, Sendable, CaseIterable {
    /// `SET key token NX PX`.
    case string
    /// Redisson's hash of holder and re-entrance count.
    case redisson
    /// The same with a queue of waiting clients.
    case fairQueue
    /// The same with a token that increases with each holder.
    case fenced
    case readWrite
    /// Redisson's hash of several values that are locked together, each with its holder.
    case multi
    /// The hash of jobs of sidekiq-unique-jobs.
    case jobs
    /// Another kind; its holder is unknown.
    case other
  }

  package var key: String
  /// Index of its definition.
  package var definition: Int
  package var kind: Kind
  /// Several for a lock that is held for reading; the first few of them.
  package var holders: [LockHolder]
  /// When its time to live was read.
  package var time: Timestamp
  /// Remaining time to live at that instant; `nil` if it does not expire.
  package var ttl: Duration?
  /// Number of waiting clients; `nil` if unknown for this kind of lock.
  package var waiters: Int?
  /// Idle time (OBJECT IDLETIME); `nil` if it was not requested.
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

/// A keyspace event for a lock, as received from the server.
package struct LockEvent: Sendable, Equatable {
  package enum Kind: Sendable {
    /// The key was written: acquired or, if already held, acquired again.
    case written
    /// Its time to live was set again.
    case renewed
    case released
    case expired
  }

  package var key: String
  /// Index of its definition.
  package var definition: Int
  package var kind: Kind
  /// When the event was received.
  package var time: Timestamp

  package init(key: String, definition: Int, kind: Kind, time: Timestamp) {
    self.key = key
    self.definition = definition
    self.kind = kind
    self.time = time
  }
}

/// The last rounds of one server.
struct LockServer {
  var readAt: Timestamp
  var took: Duration
  var isExact: Bool
  var progress: Double
  var dropped: Int
  var counts: [Int]?
  let passes: Int
  /// The previous counts, and when each of the two was first reported.
  private var countsBefore: [Int]?
  private var countedAt: Timestamp?
  private var countedBeforeAt: Timestamp?

  init(_ reading: LockSample) {
    readAt = reading.time
    took = reading.took
    isExact = reading.isExact
    progress = reading.progress
    dropped = reading.dropped
    counts = reading.counts
    passes = reading.passes
    countedAt = reading.counts.map { _ in reading.time }
  }

  mutating func note(_ reading: LockSample) {
    let before = self
    self = LockServer(reading)
    (countedAt, countsBefore, countedBeforeAt) = (before.countedAt, before.countsBefore, before.countedBeforeAt)
    guard reading.counts != nil, reading.passes != before.passes else { return }
    (countsBefore, countedBeforeAt, countedAt) = (before.counts, before.countedAt, reading.time)
  }

  /// Change of a counted pattern in keys per second between the last two scans.
  func change(of pattern: Int) -> Double? {
    guard let now = counts, let before = countsBefore, let end = countedAt, let start = countedBeforeAt,
      now.indices.contains(pattern), before.indices.contains(pattern), end > start
    else { return nil }
    return (Double(now[pattern]) - Double(before[pattern])) / (end - start).seconds
  }
}

/// Identifies one lock: the same key may be held on several servers.
package struct LockKey: Hashable, Sendable {
  /// The name of the source that reads the server.
  package var source: String
  package var key: String

  package init(source: String, key: String) {
    self.source = source
    self.key = key
  }
}
