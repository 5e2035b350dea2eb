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
