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
