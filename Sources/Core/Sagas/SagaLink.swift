/// What one message says about one saga. What few messages carry lies apart, so that copying a link costs little.
package struct SagaLink: Sendable {
  private final class Rare: Sendable {
    let otherKeys: [SagaKey]
    let parent: String?

    init(otherKeys: [SagaKey], parent: String?) {
      self.otherKeys = otherKeys
      self.parent = parent
    }
  }

  /// The position of the saga's definition in the system's `sagas`.
  package var definition: UInt16
  /// The position of its rule among the definition's events, `EventRule.none` where no rule matches; `nil` where only the event's type
  /// says which.
  package var rule: UInt16?
  package var key: SagaKey
  package var details: EventDetails?
  private var rare: Rare?

  package init(
    definition: UInt16, key: SagaKey, otherKeys: [SagaKey] = [], rule: UInt16? = nil, parent: String? = nil,
    details: EventDetails? = nil
  ) {
    self.definition = definition
    self.rule = rule
    self.key = key
    self.details = details
    if !otherKeys.isEmpty || parent != nil { rare = Rare(otherKeys: otherKeys, parent: parent) }
  }

  package init(
    definition: UInt16, key: SagaKey, otherKeys: [SagaKey] = [], rule: UInt16? = nil, parent: String? = nil,
    steps: [Symbol], error: String? = nil, product: String? = nil
  ) {
    self.init(
      definition: definition, key: key, otherKeys: otherKeys, rule: rule, parent: parent,
      details: .of(steps: steps, error: error, product: product))
  }

  package var hasOneKey: Bool { rare?.otherKeys.isEmpty ?? true }

  /// Further ids that the message carries for the same saga; mostly empty.
  package var otherKeys: [SagaKey] {
    get { rare?.otherKeys ?? [] }
    set { rare = newValue.isEmpty && parent == nil ? nil : Rare(otherKeys: newValue, parent: parent) }
  }

  /// An id of the saga that this one is a part of, where the message tells one.
  package var parent: String? {
    get { rare?.parent }
    set { rare = Rare(otherKeys: otherKeys, parent: newValue) }
  }

  package var steps: [Symbol] { details?.steps ?? [] }
  package var error: String? { details?.error }
}

/// What few events carry. Immutable, so that a message, the saga's record of it and the list of events share one.
package final class EventDetails: Sendable, Equatable {
  /// Step names that the message itself carries, for rules that take the step from the message.
  package let steps: [Symbol]
  /// The failure text, where the message tells one.
  package let error: String?
  /// What the saga is about, where the message tells and the definition asks.
  package let product: String?

  private init(steps: [Symbol], error: String?, product: String?) {
    self.steps = steps
    self.error = error
    self.product = product
  }

  /// `nil` where there is nothing.
  package static func of(steps: [Symbol], error: String?, product: String?) -> EventDetails? {
    steps.isEmpty && error == nil && product == nil
      ? nil : EventDetails(steps: steps, error: error, product: product)
  }

  /// The same with another error, where there is one.
  static func of(_ details: EventDetails?, error: String?) -> EventDetails? {
    guard let error else { return details }
    return EventDetails(steps: details?.steps ?? [], error: error, product: details?.product)
  }

  package static func == (left: EventDetails, right: EventDetails) -> Bool {
    left === right || (left.steps == right.steps && left.error == right.error && left.product == right.product)
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
