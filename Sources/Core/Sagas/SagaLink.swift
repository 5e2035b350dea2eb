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
