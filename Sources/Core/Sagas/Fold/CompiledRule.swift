/// An `EventRule` with its steps looked up.
struct CompiledRule: Sendable {
  struct Effect: Sendable {
    var transition: EventRule.Transition
    /// The step's position; `nil` takes the steps that the event carries.
    var step: Int?
  }

  var startsSaga: Bool
  var startsCompensation: Bool
  var effects: [Effect]
  var ends: SagaStatus?
}
