import Text

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
