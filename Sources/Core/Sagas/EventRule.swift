/// What an event type means for a saga.
package struct EventRule: Sendable, Equatable {
  /// What happens to a step.
  package enum Transition: String, CaseIterable, Sendable {
    case begins
    case completes
    case fails
    /// Fails the step if it is not done; else it is no news.
    case timesOut
    case compensates
    case compensationFails
    case skips
  }

  /// Which step it happens to.
  package enum StepReference: Sendable, Equatable {
    case named(String)
    /// The step names that the message carries (`SagaLink.steps`).
    case carried
  }

  package struct StepEffect: Sendable, Equatable {
    package var transition: Transition
    package var step: StepReference

    package init(_ transition: Transition, _ step: StepReference) {
      self.transition = transition
      self.step = step
    }
  }

  package var type: String
  package var startsSaga: Bool
  package var effects: [StepEffect]
  /// The roll-back begins with this event.
  package var startsCompensation: Bool
  /// The saga is over, with this status.
  package var ends: SagaStatus?

  package init(
    type: String, startsSaga: Bool = false, effects: [StepEffect] = [], startsCompensation: Bool = false,
    ends: SagaStatus? = nil
  ) {
    self.type = type
    self.startsSaga = startsSaga
    self.effects = effects
    self.startsCompensation = startsCompensation
    self.ends = ends
  }
}
