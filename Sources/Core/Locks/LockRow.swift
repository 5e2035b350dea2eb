import Text

/// One lock in a list.
package struct LockRow: Sendable, Equatable {
  /// The saga that its key names.
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
  /// The sentence that decided the verdict.
  package var reason: String
  /// The first few; empty where they are not known.
  package var holders: [LockHolder]
  /// `nil` when it is not held any more.
  package var age: LockAge?
  /// Time left; `nil` when it has no end, or is gone.
  package var ttl: Duration?
  /// It has no time to live.
  package var isImmortal: Bool
  /// The configured lease, else the longest time to live that was seen of its kind.
  package var lease: Duration?
  package var isLeaseConfigured: Bool
  package var renewals: Int
  package var waiters: Int?
  package var saga: Saga?
  /// Other locks of its server that the same client and thread holds, as the parts of a multi lock are held; the first few.
  package var together: [String] = []
  /// Other sources whose server has the same key with the same token, as Redlock takes it on most of its servers.
  package var elsewhere: [String] = []
  /// How many servers' locks are read.
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

/// What is known of one kind of lock.
package struct LockPatternRow: Sendable, Equatable {
  package var pattern: String
  package var held: Int
  /// Acquisitions per second over the last half minute.
  package var rate: Double?
  /// How long it was held, of those holdings whose end was seen.
  package var p50: Duration?
  package var p95: Duration?
  /// The share of them that somebody waited for, 0 to 1.
  package var contention: Double?
  /// Every acquisition and release is counted; else only what the rounds happened to see, so that the rate is a lower bound and
  /// short holdings are missing.
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

/// A pattern whose keys are only counted.
package struct CountedPatternRow: Sendable, Equatable {
  package var pattern: String
  /// `nil` before the first whole pass over the keys.
  package var count: Int?
  /// Keys per second more or less than a pass before.
  package var change: Double?

  package init(pattern: String, count: Int? = nil, change: Double? = nil) {
    self.pattern = pattern
    self.count = count
    self.change = change
  }
}

/// What is to be said of a lock, from good to bad.
package enum LockVerdict: String, Sendable, CaseIterable, Comparable {
  case held
  /// Its time is nearly over.
  case expiring
  /// Others wait for it.
  case contended
  /// Its saga is over, and it is still held.
  case orphan
  /// Its time ran out while its saga still works.
  case lost
  /// Held for longer than its lease, or than it may be.
  case overdue
  /// It has no time to live: if its holder dies it stays for ever.
  case immortal

  package static func < (left: LockVerdict, right: LockVerdict) -> Bool { left.severity < right.severity }

  private var severity: Int { Self.allCases.firstIndex(of: self) ?? 0 }

  /// Needs a person.
  package var isTrouble: Bool { self > .contended }
}

/// How long a lock has been held.
package struct LockAge: Sendable, Equatable, Comparable {
  package var duration: Duration
  /// Its beginning is known; else it is held for at least so long.
  package var isExact: Bool

  package init(_ duration: Duration, isExact: Bool) {
    self.duration = duration
    self.isExact = isExact
  }

  package static func < (left: LockAge, right: LockAge) -> Bool { left.duration < right.duration }

  package var known: Known<Duration> {
    isExact ? .exact(duration) : .atLeast(duration, "when it was taken is not known")
  }

  /// As part of a sentence: "4m12s", "at least 4m12s".
  var phrase: String { (isExact ? "" : "at least ") + Quantity.age(duration) }
}
