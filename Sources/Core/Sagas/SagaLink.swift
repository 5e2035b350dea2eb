/// What one message says about one saga.
package struct SagaLink: Sendable {
  /// The position of the saga's definition in the system's `sagas`.
  package var definition: UInt16
  package var key: SagaKey
  /// Further ids that the message carries for the same saga; mostly empty.
  package var otherKeys: [SagaKey]
  /// The position of its rule among the definition's events, `EventRule.none` where no rule matches; `nil` where only the event's type
  /// says which.
  package var rule: UInt16?
  /// An id of the saga that this one is a part of, where the message tells one.
  package var parent: String?
  /// Step names that the message itself carries, for rules that take the step from the message.
  package var steps: [Symbol]
  /// The failure text, where the message tells one.
  package var error: String?
  /// What the saga is about, where the message tells and the definition asks.
  package var product: String?

  package init(
    definition: UInt16, key: SagaKey, otherKeys: [SagaKey] = [], rule: UInt16? = nil, parent: String? = nil,
    steps: [Symbol] = [],
    error: String? = nil, product: String? = nil
  ) {
    self.definition = definition
    self.key = key
    self.otherKeys = otherKeys
    self.rule = rule
    self.parent = parent
    self.steps = steps
    self.error = error
    self.product = product
  }
}

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

/// Names a saga of one `Store` from outside. It stays valid while the saga gains events; after the saga was dropped or merged
/// into another it finds nothing, never another saga.
package struct SagaHandle: Hashable, Sendable {
  package var slot: Int32
  package var generation: UInt32

  package init(slot: Int32, generation: UInt32) {
    self.slot = slot
    self.generation = generation
  }
}
