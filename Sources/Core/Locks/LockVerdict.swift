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
