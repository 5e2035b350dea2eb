/// What a saga keeps of one of its events. A saga's state is a function of the set of these and of nothing else.
struct EventRecord: Sendable {
  var time: Timestamp
  var origin: Origin
  var type: Symbol
  var node: Symbol
  var fingerprint: UInt64
  var steps: [Symbol]
  var error: String?
  var product: String?
  var message: MessageRef
  /// The position of its rule among the definition's events; `noRule` when its type has none.
  var rule: UInt16

  static let noRule = EventRule.none

  /// The same message read twice, or the same event sent twice.
  func isSame(as other: EventRecord) -> Bool {
    origin == other.origin || (fingerprint != 0 && fingerprint == other.fingerprint)
  }
}
