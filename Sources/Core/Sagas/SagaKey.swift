/// One id that names a saga: the value, and what kind of id it is, so that order 5 and user 5 stay apart.
package struct SagaKey: Hashable, Sendable {
  /// The position of the kind of id in its definition's `identities`.
  package var identity: UInt8
  package var value: String

  package init(identity: UInt8, value: String) {
    self.identity = identity
    self.value = value
  }
}
