/// One id that names a saga: the value, and what kind of id it is, so that order 5 and user 5 stay apart.
package struct SagaKey: Hashable, Sendable {
  /// The position of the kind of id in its definition's `identities`.
  package var identity: UInt8
  package var value: String

  /// Byte for byte: two normal forms of one text are two ids.
  package static func == (left: SagaKey, right: SagaKey) -> Bool {
    left.identity == right.identity && left.value == right.value && left.value.utf8.elementsEqual(right.value.utf8)
  }

  package init(identity: UInt8, value: String) {
    self.identity = identity
    self.value = value
  }
}
