/// What one message says about one saga.
package struct SagaLink: Sendable {
  /// The position of the saga's definition in the system's `sagas`.
  package var definition: UInt16
  package var key: SagaKey
  /// Further ids that the message carries for the same saga; mostly empty.
  package var otherKeys: [SagaKey]
  /// Step names that the message itself carries, for rules that take the step from the message.
  package var steps: [Symbol]
  /// The failure text, where the message tells one.
  package var error: String?
  /// What the saga is about, where the message tells and the definition asks.
  package var product: String?

  package init(
    definition: UInt16, key: SagaKey, otherKeys: [SagaKey] = [], steps: [Symbol] = [], error: String? = nil,
    product: String? = nil
  ) {
    self.definition = definition
    self.key = key
    self.otherKeys = otherKeys
    self.steps = steps
    self.error = error
    self.product = product
  }
}
