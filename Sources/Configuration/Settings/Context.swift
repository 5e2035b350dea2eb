import Core
import Text

/// One context of a configuration file: a system to watch, and where it is.
struct Context {
  var name: String
  var isProtected = false
  /// A shipped theme's name, or a file's path; `nil` for that of all contexts.
  var theme: String?
  /// A shipped preset's name, or a path from where the program runs.
  var preset: String?
  /// `host:port`, several separated by commas; empty where there is no Kafka.
  var brokers = ""
  var properties: [(name: String, value: String)] = []
  /// Replace the preset's; none keeps them.
  var topics: [String] = []
  /// Patterns of the consumer groups that are looked at; none means all.
  var groups: [String] = []
  var lagInterval: Duration?
  var allowedLag: [(pattern: NamePattern, allowance: LagRules.Allowance)] = []
  var fields = EventFields()
  /// Whole, with what they take from the preset's.
  var sagas: [SagaDefinition] = []
  /// What is said of a system whose rest is to be inferred; its `type` stands in `fields`.
  var hints = InferenceHints()
  var locks: [LockDefinition] = []
  var counts: [LockPattern] = []
  var redis = Settings.Redis()
  var services: [ServiceSettings] = []
  var traces: TraceStoreSettings?
  var kubernetes: KubernetesSettings?
  var checks: [Check] = []
  var documents: [DocumentDefinition] = []
  var commands: [CommandDefinition] = []
  var http = Settings.HTTP()
  var schemas = SchemaSettings()
  /// Take the place of the preset's of the same name, or join them.
  var actions: [ActionDefinition] = []
  var apis: [ActionAPI] = []
  var audit = Settings.Audit()
  var since: ReadSpan?
  var secrets = Secrets()
}
