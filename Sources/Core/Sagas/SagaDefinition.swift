/// A type of saga: its ids, its steps, and what each event type means for it.
package struct SagaDefinition: Sendable, Equatable {
  package enum Coordination: String, CaseIterable, Sendable {
    /// Services react to each other's events; no single event describes the whole saga.
    case choreography
    /// A coordinator publishes the saga's state, which is authoritative.
    case orchestration
  }

  /// A kind of id and its places in a message.
  package struct Identity: Sendable, Equatable {
    package var name: String
    package var sources: [FieldSource]
    /// If a message contains several values, it belongs to several sagas.
    package var isEach: Bool
    /// Values that are not ids, such as `0`.
    package var ignored: [String]

    package init(name: String, sources: [FieldSource], isEach: Bool = false, ignored: [String] = []) {
      self.name = name
      self.sources = sources
      self.isEach = isEach
      self.ignored = ignored
    }
  }

  package var type: String
  /// Without an event for completion, a saga has completed when all its steps are done.
  package var isCompletedBySteps = true
  package var coordination: Coordination
  /// In order of preference: the first one that a saga has is displayed. At most 255.
  package var identities: [Identity]
  /// In the order of execution.
  package var steps: [StepDefinition]
  /// In the order of publication, which breaks ties between events with equal times.
  package var events: [EventRule]
  /// Places of step names in a message (`EventRule.StepReference.carried`).
  package var stepSources: [FieldSource]
  /// Places of an id of the parent saga in a message.
  package var parentSources: [FieldSource] = []
  /// Places of the error text in a message.
  package var errorSources: [FieldSource]
  /// Places of the saga's business object, such as a product, in a message; roll-backs are counted by it.
  package var productSources: [FieldSource]
  /// How long a roll-back may be without progress; `nil` is 30 s.
  package var compensationDeadline: Duration?
  /// The actions that an operator can run on a saga of this type; names are unique.
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

/// The definition of one step of a saga.
package struct StepDefinition: Sendable, Equatable {
  package var name: String
  /// Other names in messages, or globs for them.
  package var aliases: [String]
  /// The service that executes the step.
  package var service: String?
  /// The topic that triggers the service, and the consumer group that reads it.
  package var topic: String?
  package var group: String?
  /// How long the step may be without progress; `nil`: learned from its recent durations.
  package var deadline: Duration?
  /// A saga may end without it.
  package var isOptional: Bool
  /// It runs in parallel with the preceding step.
  package var isParallel: Bool
  /// It waits for a person's decision: it has no deadline, and its duration is not a fault.
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
