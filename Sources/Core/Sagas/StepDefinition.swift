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
