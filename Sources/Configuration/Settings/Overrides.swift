import Core

/// What the command line says over any file. `nil` says nothing.
package struct Overrides: Sendable, Equatable {
  /// A service by its name and the URL of its health.
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
  /// Where the paths of documents and services start.
  package var server: String?
  /// Paths or URLs of lists of events from which a system is to be inferred.
  package var documents: [String] = []
  /// Where the ids of sagas, and the types of events, lie; the rest is inferred.
  package var ids: [String] = []
  package var type: String?
  /// Names or patterns in place of the context's topics.
  package var topics: [String] = []
  /// The schema registry's URL.
  package var schemaRegistry: String?
  package var since: ReadSpan?
  /// The topic that `aggregate` writes, in place of the system's topics.
  package var stateTopic: String?
  /// The folder that keeps what a session has read for the next one.
  package var stateFolder: String?
  package var theme: String?
  package var isASCII: Bool?
  package var hasColor: Bool?
  package var hasMouse: Bool?
  package var isReadOnly: Bool?
  package var log: String?
  /// Set when a recording is read and nothing else: the name of the system that was recorded, which counts where no configuration names one.
  package var recordedSystem: String?
  /// The context that was recorded.
  package var recordedContext: String?

  package init() {}
}
