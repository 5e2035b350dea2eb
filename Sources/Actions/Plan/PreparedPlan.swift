import Core

/// A plan as the gate keeps it: with the requests that it stands for. What the screen holds is only its description.
struct PreparedPlan: Sendable {
  struct Item: Sendable {
    var item: ActionPlan.Item
    var definition: ActionDefinition
    var request: PreparedRequest
    /// What was sent for it before.
    var past: Set<ActionRecord.ID>
    /// A try with the same key has gone out before, and nobody knows what came of it.
    var isRepeated = false
    /// The saga as it was seen, to tell later whether it moved as expected.
    var before: ExpectationCheck?
  }

  var plan: ActionPlan
  var items: [Item]
  /// By a clock that nobody sets, and that runs on while this process is suspended.
  let madeAt = ContinuousClock.now
}
