/// A kind of saga: how it is named by ids, which steps it has, and what each event type means for it.
package struct SagaDefinition: Sendable, Equatable {
  package enum Coordination: String, CaseIterable, Sendable {
    /// Services react to each other's events; no one event speaks for the whole.
    case choreography
    /// A coordinator publishes the saga's state; its word is final.
    case orchestration
  }

  /// A kind of id and where a message carries it.
  package struct Identity: Sendable, Equatable {
    package var name: String
    package var sources: [FieldSource]
    /// Where a message carries several, it belongs to as many sagas.
    package var isEach: Bool
    /// Values that are no id, such as `0`.
    package var ignored: [String]

    package init(name: String, sources: [FieldSource], isEach: Bool = false, ignored: [String] = []) {
      self.name = name
      self.sources = sources
      self.isEach = isEach
      self.ignored = ignored
    }
  }

  package var type: String
  /// Where no event says that one has completed, it has when all its steps are done.
  package var isCompletedBySteps = true
  package var coordination: Coordination
  /// In order of preference: the first that a saga has is the one it is shown by. At most 255.
  package var identities: [Identity]
  /// In the order in which a saga does them.
  package var steps: [StepDefinition]
  /// In the order in which a saga publishes them; that order breaks ties between events of one instant.
  package var events: [EventRule]
  /// Where a message carries step names (`EventRule.StepReference.carried`).
  package var stepSources: [FieldSource]
  /// Where a message carries an id of the saga that this one is a part of.
  package var parentSources: [FieldSource] = []
  /// Where a message carries the failure text.
  package var errorSources: [FieldSource]
  /// Where a message says what the saga is about, such as a product: roll-backs are counted by it.
  package var productSources: [FieldSource]
  /// How long a roll-back may be without progress; `nil` is 30 s.
  package var compensationDeadline: Duration?
  /// What an operator may have done to one of them; each name once.
  package var actions: [ActionDefinition] = []

  package init(
    type: String, coordination: Coordination = .choreography, identities: [Identity], steps: [StepDefinition] = [],
    events: [EventRule] = [], stepSources: [FieldSource] = [], errorSources: [FieldSource] = [],
    productSources: [FieldSource] = [], compensationDeadline: Duration? = nil
  ) {
    self.type = type
    self.coordination = coordination
    self.identities = identities
    self.steps = steps
    self.events = events
    self.stepSources = stepSources
    self.errorSources = errorSources
    self.productSources = productSources
    self.compensationDeadline = compensationDeadline
  }
}

/// One step of a saga as it is meant to be.
package struct StepDefinition: Sendable, Equatable {
  package var name: String
  /// Other names that messages give it, or globs for them.
  package var aliases: [String]
  /// The service that does the step.
  package var service: String?
  /// The topic whose messages make the service begin, and the consumer group that reads it.
  package var topic: String?
  package var group: String?
  /// How long the step may be without progress; `nil` is learned from its recent durations.
  package var deadline: Duration?
  /// A saga may end without it.
  package var isOptional: Bool
  /// It runs beside the step before it.
  package var isParallel: Bool
  /// It is done when a person decides: it has no deadline, and nobody is to blame for the time that it takes.
  package var waitsForPerson: Bool = false

  package init(
    name: String, aliases: [String] = [], service: String? = nil, topic: String? = nil, group: String? = nil,
    deadline: Duration? = nil,
    isOptional: Bool = false, isParallel: Bool = false
  ) {
    self.name = name
    self.aliases = aliases
    self.service = service
    self.topic = topic
    self.group = group
    self.deadline = deadline
    self.isOptional = isOptional
    self.isParallel = isParallel
  }
}
