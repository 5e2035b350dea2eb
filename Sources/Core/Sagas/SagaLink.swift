/// The content of one message about one saga. Rare data is stored separately, so that copying a link is cheap.
package struct SagaLink: Sendable {
  private final class Rare: Sendable {
    let otherKeys: [SagaKey]
    let parent: String?

    init(otherKeys: [SagaKey], parent: String?) {
      self.otherKeys = otherKeys
      self.parent = parent
    }
  }

  /// Index of the saga's definition in the system's `sagas`.
  package var definition: UInt16
  /// Index of its rule among the definition's events, `EventRule.none` if no rule matches; `nil` if the rule is to be found by the event
  /// type.
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

  /// Further ids of the same saga in the message; usually empty.
  package var otherKeys: [SagaKey] {
    get { rare?.otherKeys ?? [] }
    set { rare = newValue.isEmpty && parent == nil ? nil : Rare(otherKeys: newValue, parent: parent) }
  }

  /// An id of the parent saga; `nil` if the message contains none.
  package var parent: String? {
    get { rare?.parent }
    set { rare = Rare(otherKeys: otherKeys, parent: newValue) }
  }

  package var steps: [Symbol] { details?.steps ?? [] }
  package var error: String? { details?.error }
}

/// Rare data of events. Immutable, so that a message, the saga's record of it and the list of events share one instance.
package final class EventDetails: Sendable, Equatable {
  /// Step names in the message, for rules that use them.
  package let steps: [Symbol]
  /// The error text; `nil` if the message contains none.
  package let error: String?
  /// The saga's business object; `nil` if the message contains none or the definition does not configure it.
  package let product: String?

  private init(steps: [Symbol], error: String?, product: String?) {
    self.steps = steps
    self.error = error
    self.product = product
  }

  /// `nil` if all values are empty.
  package static func of(steps: [Symbol], error: String?, product: String?) -> EventDetails? {
    steps.isEmpty && error == nil && product == nil
      ? nil : EventDetails(steps: steps, error: error, product: product)
  }

  /// A copy with another error; unchanged if `error` is `nil`.
  static func of(_ details: EventDetails?, error: String?) -> EventDetails? {
    guard let error else { return details }
    return EventDetails(steps: details?.steps ?? [], error: error, product: details?.product)
  }

  package static func == (left: EventDetails, right: EventDetails) -> Bool {
    left === right || (left.steps == right.steps && left.error == right.error && left.product == right.product)
  }
}

/// Identifies a saga of one `Store`. It stays valid when the saga gets more events. After the saga was dropped it matches nothing; it
/// never matches another saga than the one into which it was merged.
package struct SagaHandle: Hashable, Sendable {
  package var slot: Int32
  package var generation: UInt32

  package init(slot: Int32, generation: UInt32) {
    self.slot = slot
    self.generation = generation
  }
}
