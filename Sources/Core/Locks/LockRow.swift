import Text

package struct LockRow: Sendable, Equatable {
  /// The saga identified by its key.
  package struct Saga: Sendable, Equatable {
    package var handle: SagaHandle
    package var id: String
    package var type: String
    package var status: SagaStatus

    package init(handle: SagaHandle, id: String, type: String, status: SagaStatus) {
      self.handle = handle
      self.id = id
      self.type = type
      self.status = status
    }
  }

  package var id: LockKey
  /// The configured pattern that it matches.
  package var pattern: String
  package var kind: LockObservation.Kind?
  package var verdict: LockVerdict
  /// The reason for the verdict.
  package var reason: String
  /// The first few holders; empty if unknown.
  package var holders: [LockHolder]
  /// `nil` if it is no longer held.
  package var age: LockAge?
  /// Remaining time to live; `nil` if it does not expire or no longer exists.
  package var ttl: Duration?
  /// It has no time to live.
  package var isImmortal: Bool
  /// The configured lease, else the longest observed time to live of its kind.
  package var lease: Duration?
  package var isLeaseConfigured: Bool
  package var renewals: Int
  package var waiters: Int?
  package var saga: Saga?
  /// Other locks on its server held by the same client and thread, such as the parts of a multi lock; the first few.
  package var together: [String] = []
  /// Other sources with the same key and the same token on their server, as with Redlock.
  package var elsewhere: [String] = []
  /// Number of servers from which locks are read.
  package var servers = 1
  /// When it was last read.
  package var readAt: Timestamp

  package init(
    id: LockKey, pattern: String, kind: LockObservation.Kind? = .string, verdict: LockVerdict = .held,
    reason: String = "", holders: [LockHolder] = [], age: LockAge? = nil, ttl: Duration? = nil,
    isImmortal: Bool = false, lease: Duration? = nil, isLeaseConfigured: Bool = false, renewals: Int = 0,
    waiters: Int? = nil, saga: Saga? = nil, readAt: Timestamp
  ) {
    self.id = id
    self.pattern = pattern
    self.kind = kind
    self.verdict = verdict
    self.reason = reason
    self.holders = holders
    self.age = age
    self.ttl = ttl
    self.isImmortal = isImmortal
    self.lease = lease
    self.isLeaseConfigured = isLeaseConfigured
    self.renewals = renewals
    self.waiters = waiters
    self.saga = saga
    self.readAt = readAt
  }
}

/// Statistics of one kind of lock.
package struct LockPatternRow: Sendable, Equatable {
  package var pattern: String
  package var held: Int
  /// Acquisitions per second over the last half minute.
  package var rate: Double?
  /// Hold time, of holdings with an observed end.
  package var p50: Duration?
  package var p95: Duration?
  /// Share of these holdings for which a client waited, 0 to 1.
  package var contention: Double?
  /// Every acquisition and release is counted. If `false`, only those observed by polls are: the rate is a lower bound and short holdings
  /// are missing.
  package var isExact: Bool
  package var lease: Duration?
  package var isLeaseConfigured: Bool

  package init(
    pattern: String, held: Int = 0, rate: Double? = nil, p50: Duration? = nil, p95: Duration? = nil,
    contention: Double? = nil, isExact: Bool = false, lease: Duration? = nil, isLeaseConfigured: Bool = false
  ) {
    self.pattern = pattern
    self.held = held
    self.rate = rate
    self.p50 = p50
    self.p95 = p95
    self.contention = contention
    self.isExact = isExact
    self.lease = lease
    self.isLeaseConfigured = isLeaseConfigured
  }
}

/// A pattern for keys that are only counted.
package struct CountedPatternRow: Sendable, Equatable {
  package var pattern: String
  /// `nil` before the first complete scan of the keys.
  package var count: Int?
  /// Change in keys per second since the previous scan.
  package var change: Double?

  package init(pattern: String, count: Int? = nil, change: Double? = nil) {
    self.pattern = pattern
    self.count = count
    self.change = change
  }
}

/// The verdict on a lock, from good to bad.
package enum LockVerdict: String, Sendable, CaseIterable, Comparable {
  case held
  /// It expires soon.
  case expiring
  /// Other clients wait for it.
  case contended
  /// Its saga has ended, but it is still held.
  case orphan
  /// It expired while its saga was still running.
  case lost
  /// Held for longer than its lease or its maximum age.
  case overdue
  /// It has no time to live: if its holder dies, it is never released.
  case immortal

  package static func < (left: LockVerdict, right: LockVerdict) -> Bool { left.severity < right.severity }

  private var severity: Int { Self.allCases.firstIndex(of: self) ?? 0 }

  /// A person must act.
  package var isTrouble: Bool { self > .contended }
}

/// How long a lock has been held.
package struct LockAge: Sendable, Equatable, Comparable {
  package var duration: Duration
  /// The start is known; if `false`, the duration is a lower bound.
  package var isExact: Bool

  package init(_ duration: Duration, isExact: Bool) {
    self.duration = duration
    self.isExact = isExact
  }

  package static func < (left: LockAge, right: LockAge) -> Bool { left.duration < right.duration }

  package var known: Known<Duration> {
    isExact ? .exact(duration) : .atLeast(duration, "when it was taken is not known")
  }

  /// For sentences: "4m12s", "at least 4m12s".
  var phrase: String { (isExact ? "" : "at least ") + Quantity.age(duration) }
}
