/// A kind of lock: how its keys are called, and how long one may be held.
package struct LockDefinition: Sendable, Equatable {
  package var pattern: LockPattern
  /// The time that it is granted for; `nil` where nobody said.
  package var lease: Duration?
  /// Held for longer than this it is overdue, however often it was renewed.
  package var maxAge: Duration?

  package init(pattern: LockPattern, lease: Duration? = nil, maxAge: Duration? = nil) {
    self.pattern = pattern
    self.lease = lease
    self.maxAge = maxAge
  }
}
