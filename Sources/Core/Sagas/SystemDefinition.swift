/// A system to watch: its topics and other sources, how its messages are read, and its kinds of saga. Presets and configuration are made of these.
package struct SystemDefinition: Sendable, Equatable {
  package var name: String
  /// Exact names, globs (`order-*`) or regular expressions (`^order-.*`).
  package var topics: [String]
  package var fields: EventFields
  /// At most 65,535.
  package var sagas: [SagaDefinition]
  /// Where its services tell how they are, for URLs that name only the server.
  package var healthPath: String?
  package var locks: [LockDefinition]
  /// Keys that are only counted.
  package var counts: [LockPattern]
  /// What is read besides topics.
  package var documents: [DocumentDefinition]
  package var commands: [CommandDefinition]
  /// Its services that lie behind one server.
  package var services: [SystemService]
  /// What an operator may have done to locks, dead letters, or the system as a whole; each name once.
  package var actions: [ActionDefinition] = []
  /// What its description says and probably does not mean, a line each.
  package var warnings: [String] = []

  package init(
    name: String, topics: [String], fields: EventFields = EventFields(), sagas: [SagaDefinition],
    locks: [LockDefinition] = [], counts: [LockPattern] = [], healthPath: String? = nil,
    documents: [DocumentDefinition] = [], commands: [CommandDefinition] = [],
    services: [SystemService] = []
  ) {
    self.name = name
    self.topics = topics
    self.fields = fields
    self.sagas = sagas
    self.locks = locks
    self.counts = counts
    self.healthPath = healthPath
    self.documents = documents
    self.commands = commands
    self.services = services
  }

  /// There is something to make sagas of.
  package var hasEvents: Bool { !topics.isEmpty || !documents.isEmpty || !commands.isEmpty }
}
