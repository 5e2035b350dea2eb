import Core

/// One context of a configuration file: a system to watch, and where it is.
struct Context {
  var name: String
  var isProtected = false
  /// A shipped preset's name, or a path from where the program runs.
  var preset: String?
  /// `host:port`, several separated by commas.
  var brokers = ""
  var properties: [(name: String, value: String)] = []
  /// Replace the preset's; none keeps them.
  var topics: [String] = []
  var fields = EventFields()
  var sagas: [SagaDefinition] = []
  var services: [ServiceSettings] = []
  var since: Duration?
  var secrets = Secrets()
}
