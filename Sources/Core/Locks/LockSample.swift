/// One round of looking at a server's locks.
package struct LockSample: Sendable {
  /// The source's name, which tells servers apart.
  package var source: String
  /// When the round ended.
  package var time: Timestamp
  package var took: Duration
  /// Every acquisition and release since the last round is among `events`; else what happened between two rounds is not known.
  package var isExact: Bool
  /// All known locks, and those found in this round.
  package var locks: [LockObservation]
  /// Keys of known locks that are not there any more.
  package var gone: [String]
  /// In the order of time.
  package var events: [LockEvent]
  /// Keys of each counted pattern, as the last whole pass over the server's keys found them; `nil` before the first.
  package var counts: [Int]?
  /// Whole passes over the server's keys so far.
  package var passes: Int
  /// The part of the present pass that is done, 0 to 1.
  package var progress: Double
  /// Locks that were found and are not looked at, because there are too many.
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

/// Something that happened to a lock, as the server itself told it.
package struct LockEvent: Sendable, Equatable {
  package enum Kind: Sendable {
    /// It was written: taken, or, when it was held already, taken once more.
    case written
    /// Its time to live was set anew.
    case renewed
    case released
    case expired
  }

  package var key: String
  /// Its place among the definitions.
  package var definition: Int
  package var kind: Kind
  /// When it was heard of.
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
  /// The counts before those, and when each were first told.
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

  /// Keys per second that a counted pattern gained or lost between the last two passes.
  func change(of pattern: Int) -> Double? {
    guard let now = counts, let before = countsBefore, let end = countedAt, let start = countedBeforeAt,
      now.indices.contains(pattern), before.indices.contains(pattern), end > start
    else { return nil }
    return Double(now[pattern] - before[pattern]) / (end - start).seconds
  }
}

/// One lock: the same key may be held on several servers.
package struct LockKey: Hashable, Sendable {
  /// The name of the source that reads the server.
  package var source: String
  package var key: String

  package init(source: String, key: String) {
    self.source = source
    self.key = key
  }
}
