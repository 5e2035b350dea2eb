/// A system to watch: its topics and other sources, how to decode its messages, and its saga types. Presets and configuration are
/// converted to this.
package struct SystemDefinition: Sendable, Equatable {
  package var name: String
  /// Exact names, globs (`order-*`) or regular expressions (`^order-.*`).
  package var topics: [String]
  package var fields: EventFields
  /// At most 65,535.
  package var sagas: [SagaDefinition]
  /// Path of the health endpoint of its services, for URLs that contain only the server.
  package var healthPath: String?
  package var locks: [LockDefinition]
  /// Keys that are only counted.
  package var counts: [LockPattern]
  /// Sources other than topics.
  package var documents: [DocumentDefinition]
  package var commands: [CommandDefinition]
  /// Its services behind one server.
  package var services: [SystemService]
  /// The actions that an operator can run on locks, dead letters or the whole system; names are unique.
  package var actions: [ActionDefinition] = []
  /// Probable mistakes in its definition, one line each.
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

  /// Whether it has a source of events.
  package var hasEvents: Bool { !topics.isEmpty || !documents.isEmpty || !commands.isEmpty }
}
