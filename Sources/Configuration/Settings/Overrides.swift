import Core

/// Settings from the command line, which override any file. `nil` if not given.
package struct Overrides: Sendable, Equatable {
  /// A service: its name and health URL.
  package struct Service: Sendable, Equatable {
    package var name: String
    package var url: String

    package init(name: String, url: String) {
      self.name = name
      self.url = url
    }
  }

  package var configuration: String?
  package var context: String?
  package var preset: String?
  package var brokers: String?
  /// URLs, separated by commas.
  package var redis: String?
  package var services: [Service] = []
  /// Base URL for paths of documents and services.
  package var server: String?
  /// Paths or URLs of event lists from which a system is inferred.
  package var documents: [String] = []
  /// Sources of saga ids; `type` is the source of event types. The rest is inferred.
  package var ids: [String] = []
  package var type: String?
  /// Names or patterns that replace the context's topics.
  package var topics: [String] = []
  /// The schema registry's URL.
  package var schemaRegistry: String?
  package var since: ReadSpan?
  /// The topic written by `aggregate`, read instead of the system's topics.
  package var stateTopic: String?
  /// The folder that stores the events of a session for the next one.
  package var stateFolder: String?
  package var theme: String?
  package var isASCII: Bool?
  package var hasColor: Bool?
  package var hasMouse: Bool?
  package var isReadOnly: Bool?
  package var log: String?
  /// Name of the recorded system, set only when a recording is replayed. Used if no configuration names a system.
  package var recordedSystem: String?
  /// The recorded context.
  package var recordedContext: String?

  package init() {}
}
