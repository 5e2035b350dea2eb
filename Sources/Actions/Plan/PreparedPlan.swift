import Core

/// A plan as the gate keeps it: with the requests that it stands for. What the screen holds is only its description.
struct PreparedPlan: Sendable {
  struct Item: Sendable {
    var item: ActionPlan.Item
    var definition: ActionDefinition
    var request: PreparedRequest
    /// What was sent for it before.
    var past: Set<ActionRecord.ID>
    /// An earlier attempt with the same key was sent, and its outcome is unknown.
    var isRepeated = false
    /// It is taken although it was done already.
    var isInsistedOn = false
    /// The key of an unknown outcome is left behind.
    var leavesKey = false
    /// The saga as it was seen, to tell later whether it moved as expected.
    var before: ExpectationCheck?
  }

  /// How fast it may go: no faster than any of its actions, nor than the operator says.
  struct Pace: Sendable, Equatable {
    var concurrency: Int
    /// In a second.
    var rate: Int
    /// So many refused or unknown in a row with the same words stop it.
    var stopAfter: Int

    init(_ wish: ActionRequest, _ items: [Item]) {
      let definitions = items.map(\.definition)
      concurrency = min(definitions.map(\.concurrency).min() ?? 1, wish.concurrency ?? .max)
      rate = min(definitions.map(\.rate).min() ?? 1, wish.rate ?? .max)
      stopAfter = definitions.map(\.stopAfter).min() ?? 1
    }
  }

  var plan: ActionPlan
  var items: [Item]
  var pace: Pace
  /// By a monotonic clock that also advances while this process is suspended.
  let madeAt = ContinuousClock.now
}
